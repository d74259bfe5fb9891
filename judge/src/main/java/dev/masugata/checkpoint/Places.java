package dev.masugata.checkpoint;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Values by their place, a JSON Pointer (RFC 6901).
final class Places {
    private Places() {}

    static Optional<Json> at(Json value, String place) {
        Optional<Json> here = Optional.of(value);
        if (place.isEmpty()) return here;
        for (var step : place.substring(1).split("/", -1)) {
            var name = plain(step);
            here = here.flatMap(it -> switch (it) {
                case Json.Obj object -> object.at(name);
                case Json.Arr(var items, _) when name.matches("[0-9]{1,6}") && Integer.parseInt(name) < items.size() ->
                    Optional.of(items.get(Integer.parseInt(name)));
                case Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.<Json>empty();
            });
        }
        return here;
    }

    /// The string at a place; empty where none is.
    static String string(Json value, String place) {
        return at(value, place).map(it -> it instanceof Json.Str(var text, _) ? text : "").orElse("");
    }

    /// The same, with another string at a place that is there. Untouched parts keep their bytes.
    static Json.Obj with(Json.Obj value, String place, String text) {
        return with(value, place, Json.of(text));
    }

    /// The same with another value there.
    static Json.Obj with(Json.Obj value, String place, Json instead) {
        return (Json.Obj) with((Json) value, place.substring(1).split("/", -1), 0, instead);
    }

    private static Json with(Json value, String[] steps, int step, Json text) {
        if (step == steps.length) return text;
        var name = plain(steps[step]);
        return switch (value) {
            case Json.Obj object -> object.with(name, with(object.members().get(name), steps, step + 1, text));
            case Json.Arr(var items, _) -> {
                var changed = new ArrayList<>(items);
                int index = Integer.parseInt(name);
                changed.set(index, with(items.get(index), steps, step + 1, text));
                yield new Json.Arr(changed);
            }
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
        };
    }

    /// The same without any member of that name.
    static Json without(Json value, String name) {
        return switch (value) {
            case Json.Obj(var members, _) -> {
                var left = new LinkedHashMap<String, Json>();
                members.forEach((key, member) -> {
                    if (!key.equals(name)) left.put(key, without(member, name));
                });
                yield new Json.Obj(left, null);
            }
            case Json.Arr(var items, _) -> new Json.Arr(items.stream().map(it -> without(it, name)).toList());
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
        };
    }

    private static String plain(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
