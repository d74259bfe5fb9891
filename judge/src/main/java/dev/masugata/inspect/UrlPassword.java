package dev.masugata.inspect;

/// The password in an address, `scheme://name:password@host`: not a placeholder, not the name again as in examples.
final class UrlPassword implements Scanner {
    private static final int LEAST = 5;
    private static final int MOST = 128;

    /// The characters of ASCII that stand in no name or password.
    private static final boolean[] ENDS = ends();

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int at = text.indexOf("://", span.from()); at >= 0 && at < span.to(); at = text.indexOf("://", at + 3)) {
            if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) continue;
            int colon = end(text, at + 3, ':');
            int host = colon < 0 ? -1 : end(text, colon + 1, '@');
            if (host < 0 || host - colon - 1 < LEAST) continue;
            var name = text.substring(at + 3, colon);
            var password = text.substring(colon + 1, host);
            if (!password.equalsIgnoreCase(name) && !Placeholders.is(password)) hits.at(colon + 1, host);
        }
    }

    /// Where the mark stands before anything that ends a name or a password; -1 if it does not.
    private static int end(String text, int from, char mark) {
        int most = Math.min(text.length(), from + MOST);
        for (int i = from; i < most; i++) {
            char c = text.charAt(i);
            if (c == mark) return i;
            if (c < 128 && ENDS[c]) return -1;
        }
        return -1;
    }

    private static boolean[] ends() {
        var ends = new boolean[128];
        for (char c = 0; c < 128; c++) ends[c] = c <= ' ' || "/@'\"<>`?#".indexOf(c) >= 0;
        return ends;
    }
}
