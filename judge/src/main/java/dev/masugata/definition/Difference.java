package dev.masugata.definition;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is not the same in two definitions, for people: one line for each value and side, with its place, the words
/// that went and came marked, and every character that cannot be seen written out.
public final class Difference {
    /// Words of a text compared one by one; of a longer one all that lies between the same beginning and the same end
    /// counts as changed.
    static final int WORDS_MAX = 2_000;

    private Difference() {}

    /// @return nothing where they are the same; else lines that begin with `- ` or `+ `, in the order of the places
    public static List<String> of(Json before, Json after) {
        var old = leaves(before);
        var now = leaves(after);
        var places = new LinkedHashMap<String, Boolean>();
        old.keySet().forEach(it -> places.put(it, true));
        now.keySet().forEach(it -> places.put(it, true));
        var lines = new ArrayList<String>();
        for (var place : places.keySet()) {
            var gone = Optional.ofNullable(old.get(place));
            var came = Optional.ofNullable(now.get(place));
            if (gone.equals(came)) continue;
            if (old.get(place) instanceof Json.Str(var was, _) && now.get(place) instanceof Json.Str(var is, _))
                words(place, was, is, lines);
            else {
                gone.ifPresent(it -> lines.add("- " + line(place, it)));
                came.ifPresent(it -> lines.add("+ " + line(place, it)));
            }
        }
        return lines;
    }

    /// A definition as lines: its values with their places.
    public static List<String> lines(Json definition) {
        return leaves(definition).entrySet().stream().map(it -> line(it.getKey(), it.getValue())).toList();
    }

    private static String line(String place, Json value) {
        return visible(place) + "  " + visible(JsonWriter.text(value));
    }

    private static Map<String, Json> leaves(Json value) {
        var leaves = new LinkedHashMap<String, Json>();
        gather(value, "", leaves);
        return leaves;
    }

    /// An empty object or list within is a value: that it is there says something.
    private static void gather(Json value, String place, Map<String, Json> leaves) {
        switch (value) {
            case Json.Obj(var members, _) when !members.isEmpty() || place.isEmpty() ->
                members.forEach((name, member) -> gather(member, Definition.below(place, name), leaves));
            case Json.Arr(var items, _) when !items.isEmpty() -> {
                for (int i = 0; i < items.size(); i++) gather(items.get(i), place + "/" + i, leaves);
            }
            case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> leaves.put(place, value);
        }
    }

    // --- words ------------------------------------------------------------------------------------------------------

    private static void words(String place, String before, String after, List<String> lines) {
        var old = split(before);
        var now = split(after);
        int same = 0;
        while (same < old.size() && same < now.size() && old.get(same).equals(now.get(same))) same++;
        int end = 0;
        while (end < old.size() - same && end < now.size() - same
                && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) end++;
        var kept = common(old.subList(same, old.size() - end), now.subList(same, now.size() - end));
        lines.add("- " + visible(place) + "  \"" + marked(old, same, end, kept.old(), "[-", "-]") + "\"");
        lines.add("+ " + visible(place) + "  \"" + marked(now, same, end, kept.now(), "{+", "+}") + "\"");
    }

    /// Words and what stands between them, nothing lost.
    private static List<String> split(String text) {
        var words = new ArrayList<String>();
        int from = 0;
        for (int at = 1; at <= text.length(); at++) {
            boolean ends = at == text.length() || isWord(text.charAt(at)) != isWord(text.charAt(at - 1));
            if (!ends) continue;
            words.add(text.substring(from, at));
            from = at;
        }
        return words;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }

    /// Which words of either side are in both, in order.
    private record Kept(boolean[] old, boolean[] now) {}

    /// The longest common subsequence.
    private static Kept common(List<String> old, List<String> now) {
        var kept = new Kept(new boolean[old.size()], new boolean[now.size()]);
        if (old.size() > WORDS_MAX || now.size() > WORDS_MAX) return kept;
        var longest = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--)
            for (int j = now.size() - 1; j >= 0; j--)
                longest[i][j] = old.get(i).equals(now.get(j))
                        ? longest[i + 1][j + 1] + 1
                        : Math.max(longest[i + 1][j], longest[i][j + 1]);
        for (int i = 0, j = 0; i < old.size() && j < now.size(); ) {
            if (old.get(i).equals(now.get(j))) kept.old()[i++] = kept.now()[j++] = true;
            else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
            else j++;
        }
        return kept;
    }

    private static String marked(List<String> words, int same, int end, boolean[] kept, String open, String close) {
        var text = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < words.size(); i++) {
            boolean changed = i >= same && i < words.size() - end && !kept[i - same];
            if (changed != inside) text.append(changed ? open : close);
            inside = changed;
            text.append(visible(words.get(i)));
        }
        return text.append(inside ? close : "").toString();
    }

    // --- what cannot be seen ----------------------------------------------------------------------------------------

    /// The text with every character that cannot be seen, or acts on a terminal, written by its number.
    public static String visible(String text) {
        if (text.codePoints().noneMatch(Difference::isHidden)) return text;
        var visible = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isHidden(point)) visible.append("\\u{%x}".formatted(point));
            else visible.appendCodePoint(point);
        });
        return visible.toString();
    }

    /// Controls, formats, tags, selectors, blanks that are no space, and what no font shows.
    static boolean isHidden(int point) {
        if (point == ' ') return false;
        boolean selects = point >= 0xFE00 && point <= 0xFE0F || point >= 0xE0100 && point <= 0xE01EF;
        boolean fills = point == 0x34F || point == 0x115F || point == 0x1160 || point == 0x3164 || point == 0xFFA0
                || point == 0x2800;
        return selects || fills || switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
