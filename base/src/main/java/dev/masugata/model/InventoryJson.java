package dev.masugata.model;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/// An [Inventory] as JSON: an object with the arrays `assets`, `relations` and `weaknesses`.
///
/// It is read strictly: an unknown member, a wrong type or a missing one is refused with its place. What does not fit
/// the limits is refused whole, never cut: an inventory that lacks a part would look safer than the machine is.
public final class InventoryJson {
    /// Bytes of one inventory.
    public static final int BYTES_MAX = 64 * 1024 * 1024;
    /// Assets, relations and weaknesses, each.
    public static final int ITEMS_MAX = 200_000;

    private static final int DEPTH_MAX = 6;
    private static final int VALUES_MAX = 8_000_000;
    private static final Limits LIMITS =
            new Limits(BYTES_MAX, DEPTH_MAX, ITEMS_MAX, VALUES_MAX, Limits.BYTES, Limits.NUMBER_CHARS);

    private InventoryJson() {}

    /// @throws IllegalArgumentException says what is wrong and where; it holds no text of the inventory but names
    public static Inventory read(byte[] bytes) {
        try {
            return of(JsonReader.read(bytes, LIMITS));
        } catch (JsonException unreadable) {
            throw new IllegalArgumentException("the inventory is not JSON: " + unreadable.getMessage(), unreadable);
        }
    }

    /// As [#read], of what is parsed already.
    public static Inventory of(Json json) {
        var whole = object(json, "the inventory", Set.of("assets", "relations", "weaknesses"));
        return new Inventory(
                each(whole, "assets", InventoryJson::asset),
                each(whole, "relations", InventoryJson::relation),
                each(whole, "weaknesses", InventoryJson::weakness));
    }

    public static byte[] write(Inventory inventory) {
        return JsonWriter.bytes(json(inventory));
    }

    public static Json.Obj json(Inventory inventory) {
        return Json.object("assets", new Json.Arr(inventory.assets().stream().map(InventoryJson::json).toList()))
                .with("relations", new Json.Arr(inventory.relations().stream().map(InventoryJson::json).toList()))
                .with("weaknesses", new Json.Arr(inventory.weaknesses().stream().map(InventoryJson::json).toList()));
    }

    private static Json.Obj json(Asset it) {
        return Json.object("kind", it.kind()).with("id", it.id()).with("name", it.name())
                .with("attributes", attributes(it.attributes()));
    }

    private static Json.Obj json(Relation it) {
        return Json.object("kind", it.kind()).with("from", it.from()).with("to", it.to())
                .with("attributes", attributes(it.attributes()));
    }

    private static Json.Obj json(Weakness it) {
        return Json.object("id", it.id()).with("check", it.check()).with("severity", it.severity().word())
                .with("asset", it.asset()).with("file", it.file()).with("line", it.line())
                .with("says", it.says()).with("mend", it.mend());
    }

    /// Attributes of an asset as a JSON object.
    public static Json.Obj attributes(Map<String, Object> attributes) {
        var members = new LinkedHashMap<String, Json>();
        attributes.forEach((name, value) -> members.put(name, switch (value) {
            case Long number -> Json.of(number);
            case Boolean flag -> Json.of(flag);
            case List<?> list -> Json.strings(list.stream().map(String::valueOf).toList());
            case Object text -> Json.of(text.toString());
        }));
        return new Json.Obj(members, null);
    }

    private static Asset asset(Json json, String place) {
        var it = object(json, place, Set.of("kind", "id", "name", "attributes"));
        return new Asset(text(it, "kind", place), text(it, "id", place), text(it, "name", place),
                attributes(it, place));
    }

    private static Relation relation(Json json, String place) {
        var it = object(json, place, Set.of("kind", "from", "to", "attributes"));
        return new Relation(text(it, "kind", place), text(it, "from", place), text(it, "to", place),
                attributes(it, place));
    }

    private static Weakness weakness(Json json, String place) {
        var it = object(json, place, Set.of("id", "check", "severity", "asset", "file", "line", "says", "mend"));
        var severity = text(it, "severity", place);
        for (var known : Severity.values())
            if (known.word().equals(severity))
                return new Weakness(
                        text(it, "id", place), text(it, "check", place), known, text(it, "asset", place),
                        text(it, "file", place), line(it, place), text(it, "says", place), text(it, "mend", place));
        throw new IllegalArgumentException(place + ".severity: there is info, low, medium, high, critical");
    }

    private static int line(Json.Obj it, String place) {
        return it.integer("line").filter(line -> line >= 0 && line <= Integer.MAX_VALUE)
                .orElseThrow(() -> new IllegalArgumentException(place + ".line is no line")).intValue();
    }

    private static Map<String, Object> attributes(Json.Obj of, String place) {
        var json = of.at("attributes").orElse(Json.EMPTY);
        if (!(json instanceof Json.Obj members))
            throw new IllegalArgumentException(place + ".attributes is no object");
        var attributes = new LinkedHashMap<String, Object>();
        members.members().forEach((name, value) -> attributes.put(name, value(value, place + ".attributes." + name)));
        return attributes;
    }

    private static Object value(Json json, String place) {
        return switch (json) {
            case Json.Str(var text, _) -> text;
            case Json.Bool(var flag) -> flag;
            case Json.Num number ->
                number.asLong().orElseThrow(() -> new IllegalArgumentException(place + " is no whole number"));
            case Json.Arr(var items, _) -> {
                var texts = new ArrayList<String>();
                for (var item : items) {
                    if (!(item instanceof Json.Str(var text, _)))
                        throw new IllegalArgumentException(place + " is a list of something else than strings");
                    texts.add(text);
                }
                yield List.copyOf(texts);
            }
            case Json.Obj _, Json.Null _ ->
                throw new IllegalArgumentException(place + " is no string, number, boolean or list of strings");
        };
    }

    private static <T> List<T> each(Json.Obj whole, String name, BiFunction<Json, String, T> read) {
        if (!(whole.at(name).orElse(null) instanceof Json.Arr(var items, _)))
            throw new IllegalArgumentException("`" + name + "` of the inventory is no array");
        var list = new ArrayList<T>();
        for (int i = 0; i < items.size(); i++) {
            var place = name + "[" + i + "]";
            try {
                list.add(read.apply(items.get(i), place));
            } catch (IllegalArgumentException wrong) {
                var said = String.valueOf(wrong.getMessage());
                throw said.startsWith(name) ? wrong : new IllegalArgumentException(place + ": " + said, wrong);
            }
        }
        return list;
    }

    private static Json.Obj object(Json json, String place, Set<String> known) {
        if (!(json instanceof Json.Obj it)) throw new IllegalArgumentException(place + " is no object");
        for (var name : it.members().keySet())
            if (!known.contains(name))
                throw new IllegalArgumentException(place + ": `" + name + "` is not known; there is " + known.stream()
                        .sorted().toList());
        return it;
    }

    private static String text(Json.Obj it, String name, String place) {
        return it.string(name).orElseThrow(() -> new IllegalArgumentException(place + "." + name + " is no string"));
    }
}
