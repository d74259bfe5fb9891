package dev.masugata.inspect;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.util.Base64;

/// A signed token of the web (RFC 7519): three parts, of which the first decodes to JSON that names its algorithm.
final class WebToken implements Scanner {
    @Override
    public void scan(Span span, Hits hits) {
        var token = span.text().substring(span.from(), span.to());
        if (isHeader(token.substring(0, Math.max(0, token.indexOf('.'))))) hits.at(span.from(), span.to());
    }

    private static boolean isHeader(String part) {
        try {
            var header = JsonReader.read(Base64.getUrlDecoder().decode(part), Limits.DEFAULT);
            // `none` signs nothing, so that the token opens nothing.
            return header instanceof Json.Obj it && it.string("alg").filter(alg -> !alg.equals("none")).isPresent();
        } catch (IllegalArgumentException | JsonException notOne) {
            return false;
        }
    }
}
