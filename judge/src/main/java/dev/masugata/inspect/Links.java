package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.List;

/// The addresses of the web in a text, each with the parts that could carry something.
record Links(List<Link> all) {
    /// Addresses of one reading; past it the others are not looked at.
    static final int LINKS_MAX = 2_000;

    private static final int CHARS_MOST = 16 * 1024;

    /// @param image it is shown by itself: Markdown's `![](...)`, or `src` of HTML
    /// @param parts of path, query and fragment, without what joins them
    record Link(int from, int to, String host, boolean image, List<String> parts) {}

    static Links of(Scanner.Span span) {
        return span.notes().of(Links.class, () -> new Links(read(span.text())));
    }

    private static List<Link> read(String text) {
        var links = new ArrayList<Link>();
        for (int at = text.indexOf("://"); at >= 0 && links.size() < LINKS_MAX; at = text.indexOf("://", at + 3)) {
            int from = at;
            while (from > 0 && at - from < 8 && Randomness.isLetter(text.charAt(from - 1))) from--;
            if (from == at) continue;
            int hostEnd = end(text, at + 3, "/?#");
            int to = end(text, hostEnd, "");
            var host = text.substring(at + 3, hostEnd);
            host = host.substring(host.lastIndexOf('@') + 1);
            var parts = parts(text.substring(hostEnd, to));
            if (!host.isEmpty()) links.add(new Link(from, to, host, isImage(text, from), parts));
            at = Math.max(at, to - 3);
        }
        return links;
    }

    private static int end(String text, int from, String stops) {
        int end = from;
        while (end < text.length() && end - from < CHARS_MOST) {
            char c = text.charAt(end);
            if (c <= ' ' || "\"'`<>)]}\\|".indexOf(c) >= 0 || c > 0x2E80 || stops.indexOf(c) >= 0) break;
            end++;
        }
        return end;
    }

    private static boolean isImage(String text, int from) {
        if (from > 0 && text.charAt(from - 1) == '<') from--;
        if (from > 1 && text.charAt(from - 1) == '(' && text.charAt(from - 2) == ']') {
            int open = text.lastIndexOf('[', from);
            return open > 0 && text.charAt(open - 1) == '!' && text.indexOf(']', open) == from - 2;
        }
        int attribute = from > 0 && "\"'".indexOf(text.charAt(from - 1)) >= 0 ? from - 1 : from;
        while (attribute > 0 && text.charAt(attribute - 1) == ' ') attribute--;
        return text.startsWith("src=", attribute - 4) || text.startsWith("url(", attribute - 4);
    }

    /// What stands between `/`, `?`, `&`, `#`, `;` and after `=`.
    private static List<String> parts(String rest) {
        var parts = new ArrayList<String>();
        int begin = 0;
        for (int i = 0; i <= rest.length(); i++) {
            boolean ends = i == rest.length() || "/?&#;,".indexOf(rest.charAt(i)) >= 0
                    || rest.charAt(i) == '=' && i + 1 < rest.length() && "=&".indexOf(rest.charAt(i + 1)) < 0;
            if (!ends) continue;
            if (i > begin) parts.add(rest.substring(begin, i));
            begin = i + 1;
        }
        return parts;
    }
}
