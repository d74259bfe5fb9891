package dev.masugata.inspect;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Tokens that end in a checksum of themselves: `prefix_`, 30 characters, and six that are the CRC-32 of these 30 in
/// base 62.
///
/// Source: GitHub's engineering blog, "Behind GitHub's new authentication token formats" (2021); npm does the same.
final class ChecksummedToken implements Scanner {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CHECK_CHARS = 6;

    private final boolean right;

    /// @param right true for tokens whose checksum holds, false for the others
    ChecksummedToken(boolean right) {
        this.right = right;
    }

    @Override
    public void scan(Span span, Hits hits) {
        var token = span.text().substring(span.from(), span.to());
        if (holds(token.substring(token.indexOf('_') + 1)) != right) return;
        if (right || !Placeholders.is(token) && Randomness.words(token) < 0.5) hits.at(span.from(), span.to());
    }

    private static boolean holds(String body) {
        int from = body.length() - CHECK_CHARS;
        return from > 0 && body.substring(from).equals(check(body.substring(0, from)));
    }

    static String check(String random) {
        var crc = new CRC32();
        crc.update(random.getBytes(StandardCharsets.UTF_8));
        var check = new StringBuilder();
        for (long left = crc.getValue(); check.length() < CHECK_CHARS; left /= 62)
            check.append(DIGITS.charAt((int) (left % 62)));
        return check.reverse().toString();
    }
}
