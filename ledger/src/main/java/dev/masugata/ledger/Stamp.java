package dev.masugata.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// Writes times of the record: UTC, six digits of a second, always 27 characters, so that they sort as text.
///
/// It remembers the last whole second, so it belongs to one thread at a time.
final class Stamp {
    /// Characters of a stamp.
    static final int LENGTH = 27;
    /// The last second that can be written: the end of the year 9999.
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final long MICROS = 1_000_000;

    private final byte[] text = "1970-01-01T00:00:00.000000Z".getBytes(StandardCharsets.US_ASCII);
    private long second;

    /// Microseconds since 1970.
    static long micros(Instant time) {
        long seconds = time.getEpochSecond();
        if (seconds < 0 || seconds > LAST_SECOND)
            throw new IllegalArgumentException("the record's times lie between 1970 and 9999, not at " + time);
        return seconds * MICROS + time.getNano() / 1000;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }

    /// The text of a time; valid until the next call.
    byte[] of(long micros) {
        long seconds = micros / MICROS;
        if (seconds != second) {
            var whole = Instant.ofEpochSecond(seconds).toString();
            for (int i = 0; i < 19; i++) text[i] = (byte) whole.charAt(i);
            second = seconds;
        }
        int fraction = (int) (micros % MICROS);
        for (int i = 25; i > 19; i--, fraction /= 10) text[i] = (byte) ('0' + fraction % 10);
        return text;
    }

    static long parse(String stamp) {
        if (stamp.length() != LENGTH) throw new Unreadable("`" + stamp + "` is no time of the record");
        try {
            return micros(Instant.parse(stamp));
        } catch (DateTimeParseException e) {
            throw new Unreadable("`" + stamp + "` is no time of the record", e);
        }
    }
}
