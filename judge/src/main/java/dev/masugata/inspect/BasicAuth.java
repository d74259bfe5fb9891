package dev.masugata.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A name and a password as HTTP sends them (RFC 7617): base64 of `name:password`.
final class BasicAuth implements Scanner {
    @Override
    public void scan(Span span, Hits hits) {
        try {
            var decoded = Base64.getDecoder().decode(span.text().substring(span.from(), span.to()));
            var pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon < 0 || colon == pair.length() - 1 || !pair.chars().allMatch(c -> c >= ' ' && c != 0xFFFD)) return;
            if (!Placeholders.is(pair.substring(colon + 1))) hits.at(span.from(), span.to());
        } catch (IllegalArgumentException notBase64) {
            // Then it is a word after `Basic`.
        }
    }
}
