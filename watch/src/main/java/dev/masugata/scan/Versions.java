package dev.masugata.scan;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which of two versions is newer, as each ecosystem orders them: numbers by value; a pre-release before its release, a
/// post-release behind it (Semantic Versioning 2.0.0, 11; PEP 440; Maven's order for what both have in common).
final class Versions {
    private static final Pattern PARTS = Pattern.compile("[0-9]+|[a-z]+");
    private static final List<String> BEFORE =
            List.of("dev", "snapshot", "alpha", "a", "beta", "b", "milestone", "m", "rc", "cr", "c", "pre", "preview",
                    "canary", "next");
    private static final List<String> SAME = List.of("final", "ga", "release", "v");

    private Versions() {}

    static int compare(String a, String b) {
        var left = parts(a);
        var right = parts(b);
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            var one = i < left.size() ? left.get(i) : "";
            var other = i < right.size() ? right.get(i) : "";
            int order = part(one, other);
            if (order != 0) return order;
        }
        return 0;
    }

    /// Without what is said about the build, which orders nothing.
    private static List<String> parts(String version) {
        return PARTS.matcher(version.toLowerCase(Locale.ROOT).replaceFirst("\\+.*$", "")).results()
                .map(it -> it.group()).filter(it -> !SAME.contains(it)).toList();
    }

    private static int part(String a, String b) {
        boolean numberA = !a.isEmpty() && Character.isDigit(a.charAt(0));
        boolean numberB = !b.isEmpty() && Character.isDigit(b.charAt(0));
        if (numberA && numberB) return new java.math.BigInteger(a).compareTo(new java.math.BigInteger(b));
        int rankA = rank(a, numberA);
        int rankB = rank(b, numberB);
        if (rankA != rankB) return Integer.compare(rankA, rankB);
        return numberA || numberB ? 0 : a.compareTo(b);
    }

    /// A pre-release, nothing, another word, a number that is not nothing.
    private static int rank(String part, boolean number) {
        if (number) return part.chars().allMatch(c -> c == '0') ? 0 : 2;
        int before = BEFORE.indexOf(part);
        if (before >= 0) return before - BEFORE.size();
        return part.isEmpty() ? 0 : 1;
    }
}
