package dev.masugata.inspect;

import java.util.Locale;
import java.util.Set;

/// Addresses of mail (RFC 5321, without quoted names): a name, `@`, a host with a dot and a domain of letters.
final class EMails implements Scanner {
    private static final int NAME_MOST = 64;
    private static final int HOST_MOST = 253;

    /// `icon@2x.png` is a file.
    private static final Set<String> FILES = Set.of(
            "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs", "ts", "css", "json", "html", "htm", "txt", "xml",
            "yml", "yaml", "zip", "gz", "tgz", "jar", "dll", "exe", "conf", "service", "socket", "local", "internal",
            "localdomain");

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int at = text.indexOf('@', 1); at >= 0; at = text.indexOf('@', at + 1)) {
            int from = at;
            while (from > 0 && at - from < NAME_MOST && isName(text.charAt(from - 1))) from--;
            while (from < at && isEdge(text.charAt(from))) from++;
            int to = at + 1;
            while (to < text.length() && to - at <= HOST_MOST && isHost(text.charAt(to))) to++;
            while (to > at + 1 && ".-".indexOf(text.charAt(to - 1)) >= 0) to--;
            if (from == at || !isHost(text, at + 1, to) || isRepository(text, from, at, to)) continue;
            hits.at(from, to);
        }
    }

    private static boolean isName(char c) {
        return Randomness.isLetter(c) || DigitRuns.isDigit(c) || "._%+-".indexOf(c) >= 0;
    }

    private static boolean isEdge(char c) {
        return "._%+-".indexOf(c) >= 0;
    }

    private static boolean isHost(char c) {
        return Randomness.isLetter(c) || DigitRuns.isDigit(c) || c == '.' || c == '-';
    }

    private static boolean isHost(String text, int from, int to) {
        int dot = to - 1;
        while (dot > from && text.charAt(dot) != '.') dot--;
        if (dot <= from || to - dot < 3 || text.charAt(from) == '-' || text.charAt(from) == '.') return false;
        for (int i = dot + 1; i < to; i++) if (!Randomness.isLetter(text.charAt(i))) return false;
        if (text.substring(from, to).contains("..")) return false;
        return !FILES.contains(text.substring(dot + 1, to).toLowerCase(Locale.ROOT));
    }

    /// `git@host.example:owner/repo.git`, and `name:password@host` in an address.
    private static boolean isRepository(String text, int from, int at, int to) {
        boolean git = text.startsWith("git", from) && at - from == 3;
        boolean login = from > 0
                && (text.charAt(from - 1) == ':' && text.substring(Math.max(0, from - NAME_MOST), from).contains("//")
                || text.charAt(from - 1) == '/' && text.startsWith("//", from - 2));
        return git || login;
    }
}
