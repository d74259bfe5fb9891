package dev.masugata.inspect;

/// The password in an address, `scheme://name:password@host`: not a placeholder, not the name again as in examples.
final class UrlPassword implements Scanner {
    private static final int LEAST = 5;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var password = text.substring(span.from(), span.to());
        int slash = text.lastIndexOf('/', span.from() - 1);
        var name = text.substring(slash + 1, Math.max(slash + 1, span.from() - 1));
        if (password.length() < LEAST || password.equalsIgnoreCase(name) || Placeholders.is(password)) return;
        hits.at(span.from(), span.to());
    }
}
