package dev.masugata.scan;

import com.google.re2j.Pattern;

/// Lines of configuration as they may be shown: everything in them that could be a key is covered.
public final class Covered {
    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_+=:-]{12,}");
    private static final Pattern ASSIGNED = Pattern.compile(
            "(?i)([a-z0-9_-]*(?:key|token|secret|password|authorization)\"?'?\\s*[:=]\\s*[\"'])([^\"']{4,})([\"'])");
    private static final double BITS = 3.2;

    private Covered() {}

    public static String keys(String line) {
        var out = new StringBuilder();
        var named = ASSIGNED.matcher(line).replaceAll("$1...$3");
        var found = WORDS.matcher(named);
        int at = 0;
        while (found.find()) {
            var word = found.group();
            boolean random = Secrets.bits(word) >= BITS && word.chars().anyMatch(Character::isDigit)
                    && word.chars().anyMatch(Character::isLetter);
            out.append(named, at, found.start()).append(random ? "..." : word);
            at = found.end();
        }
        return out.append(named.substring(at)).toString();
    }
}
