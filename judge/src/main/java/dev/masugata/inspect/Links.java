package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.List;

/// The addresses of the web in a text, each with the parts that could carry something.
record Links(List<Link> all) {
    /// Addresses of one reading; past it the others are not looked at.
    static final int LINKS_MAX = 2_000;

    private static final int CHARS_MOST = 16 * 1024;

    private static final byte LINK_ENDS = 1;
    private static final byte HOST_ENDS = 2;
    private static final byte PART_ENDS = 4;
    /// What each character of ASCII ends.
    private static final byte[] MARKS = marks();

    /// @param image it is shown by itself: Markdown's `![](...)`, or `src` of HTML
    /// @param parts of path, query and fragment, without what joins them; of those only what could carry something
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
            int hostEnd = end(text, at + 3, (byte) (LINK_ENDS | HOST_ENDS));
            int to = end(text, hostEnd, LINK_ENDS);
            var host = text.substring(at + 3, hostEnd);
            host = host.substring(host.lastIndexOf('@') + 1);
            var parts = parts(text.substring(hostEnd, to));
            if (!host.isEmpty()) links.add(new Link(from, to, host, isImage(text, from), parts));
            at = Math.max(at, to - 3);
        }
        return links;
    }

    private static int end(String text, int from, byte ends) {
        int most = Math.min(text.length(), from + CHARS_MOST);
        int end = from;
        while (end < most) {
            char c = text.charAt(end);
            if (c < 128 ? (MARKS[c] & ends) != 0 : c > 0x2E80) break;
            end++;
        }
        return end;
    }

    private static byte[] marks() {
        var marks = new byte[128];
        for (char c = 0; c < 128; c++) {
            if (c <= ' ' || "\"'`<>)]}\\|".indexOf(c) >= 0) marks[c] |= LINK_ENDS;
            if ("/?#".indexOf(c) >= 0) marks[c] |= HOST_ENDS;
            if ("/?&#;,".indexOf(c) >= 0) marks[c] |= PART_ENDS;
        }
        return marks;
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
            char c = i == rest.length() ? '/' : rest.charAt(i);
            boolean ends = c < 128 && (MARKS[c] & PART_ENDS) != 0
                    || c == '=' && i + 1 < rest.length() && "=&".indexOf(rest.charAt(i + 1)) < 0;
            if (!ends) continue;
            if (i - begin >= Payload.CHARS_LEAST) parts.add(rest.substring(begin, i));
            begin = i + 1;
        }
        return parts;
    }
}
