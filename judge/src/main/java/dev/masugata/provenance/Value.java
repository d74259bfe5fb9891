package dev.masugata.provenance;

import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One value of an action, as it is looked for.
///
/// @param place    a JSON Pointer (RFC 6901) into the arguments
/// @param name     the name of the argument it belongs to
/// @param exact    the value itself, white space single
/// @param readings its shadow text, then those of what it decodes to
/// @param squashed of each reading its letters and digits only
/// @param unread   part of it could not be decoded
record Value(
        String place, String name, String exact, List<String> readings, List<String> squashed, boolean unread) {
    /// Values looked at in one action; where there are more, the rest counts as coming from the worst source.
    static final int VALUES_MAX = 256;

    /// All of an action's values that say something: strings, numbers, and the names of members that are not arguments.
    ///
    /// @return empty strings, true, false and null have no origin and are left out
    static List<Value> of(Json.Obj arguments) {
        var values = new ArrayList<Value>();
        arguments.members().forEach((name, value) -> add(value, "/" + escaped(name), name, values));
        return values;
    }

    private static void add(Json json, String place, String name, List<Value> into) {
        if (into.size() > VALUES_MAX) return;
        switch (json) {
            case Json.Obj(var members, _) -> members.forEach((member, value) -> {
                var there = place + "/" + escaped(member);
                add(member, there, name, into);
                add(value, there, member, into);
            });
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) add(items.get(i), place + "/" + i, name, into);
            }
            case Json.Str(var text, _) -> add(text, place, name, into);
            case Json.Num number -> add(number.asDecimal().stripTrailingZeros().toPlainString(), place, name, into);
            case Json.Bool _, Json.Null _ -> {}
        }
    }

    private static void add(String text, String place, String name, List<Value> into) {
        if (into.size() > VALUES_MAX) return;
        var layers = Layers.of(text, LayerLimits.DEFAULT);
        var readings = Forms.readings(layers).stream().filter(it -> !it.isEmpty()).toList();
        if (readings.isEmpty()) return;
        var squashed = readings.stream().map(Forms::squashed).toList();
        into.add(new Value(place, name, Forms.single(text).strip(), readings, squashed, layers.opaque()));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    String text() {
        return readings.getFirst();
    }

    /// The names inside of it, of all its readings.
    Set<String> names() {
        var names = new LinkedHashSet<String>();
        for (var reading : readings) names.addAll(Identifiers.in(reading));
        return names;
    }

    /// The letters of each of its readings, without what may lie between them in a span that holds it.
    long[] letters() {
        var letters = new long[readings.size()];
        for (int i = 0; i < letters.length; i++) {
            // A text of signs alone is found as it is only.
            var bare = squashed.get(i).isEmpty() ? readings.get(i) : squashed.get(i);
            letters[i] = Letters.of(bare);
        }
        return letters;
    }

    /// The same place written otherwise: without the scheme, without the last slash.
    List<String> spellings() {
        int from = exact.startsWith("https://") ? 8 : exact.startsWith("http://") ? 7 : 0;
        int to = exact.endsWith("/") && exact.length() > from ? exact.length() - 1 : exact.length();
        var bare = exact.substring(from, to);
        return bare.equals(exact) || bare.isEmpty() ? List.of(exact) : List.of(exact, bare);
    }
}
