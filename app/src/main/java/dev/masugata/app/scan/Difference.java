package dev.masugata.app.scan;

import dev.masugata.scan.Covered;
import java.util.ArrayList;
import java.util.List;

/// What changed between two texts, line by line; keys in them are covered. For changes in one place: what is the same
/// at
/// the beginning and at the end is left out.
final class Difference {
    /// Characters of a line that are shown.
    private static final int LINE = 200;

    private Difference() {}

    static List<String> of(String before, String after) {
        var old = before.lines().toList();
        var fresh = after.lines().toList();
        int head = 0;
        while (head < old.size() && head < fresh.size() && old.get(head).equals(fresh.get(head))) head++;
        int tail = 0;
        while (tail < old.size() - head && tail < fresh.size() - head
                && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) tail++;
        var lines = new ArrayList<String>();
        old.subList(head, old.size() - tail).forEach(it -> lines.add("- " + shown(it)));
        fresh.subList(head, fresh.size() - tail).forEach(it -> lines.add("+ " + shown(it)));
        return lines;
    }

    private static String shown(String line) {
        var covered = Covered.keys(line);
        return covered.length() > LINE ? covered.substring(0, LINE) + " ..." : covered;
    }
}
