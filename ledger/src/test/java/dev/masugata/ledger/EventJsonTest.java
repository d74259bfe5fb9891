package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void theBytesAreCanonicalAndSayWhatTheEventSays() {
        var random = new Random(11);
        for (var event : Samples.generated(random, 2000)) {
            long seq = 1 + random.nextLong(1L << 40);
            long micros = random.nextLong(Stamp.micros(Instant.parse("9999-12-31T23:59:59Z")));
            var body = Item.of(event, RANDOM).draft().finish(9, seq, new Stamp().of(micros));
            var parsed = JsonReader.read(body, Limits.DEFAULT);
            assertArrayEquals(JsonWriter.canonical(parsed), body, () -> new String(body, StandardCharsets.UTF_8));
            var entry = EventReader.read(body, event.payload());
            assertEquals(event, entry.event());
            assertEquals(seq, entry.seq());
            assertEquals(micros, entry.micros());
            assertEquals(event.payload().equals(Json.NULL), entry.payload().isEmpty());
        }
    }

    @Test
    void anEntryReadsLikeThis() {
        var event = Samples.decided("s-7f3k", 40, Outcome.ALLOWED);
        var body = Item.of(event, RANDOM).draft().finish(0, 41, new Stamp().of(Stamp.micros(Home.START)));
        assertEquals(
                """
                {"approval":"","asked":40,"because":[{"id":"reading","text":"reading is allowed"}],\
                "digest":"%s","kind":"tool_call","outcome":"allowed","policy":"policy-1","principal":"agent:coder",\
                "seq":41,"session":"s-7f3k","target":"files/read_file","time":"2026-11-22T05:26:00.123456Z",\
                "type":"decided","v":1}"""
                        .formatted(Samples.DIGEST),
                new String(body, StandardCharsets.UTF_8));
    }

    @Test
    void theGroupsFirstIsPutInWhereverItIsNamed() {
        for (long first : new long[] {1, 9, 10, 12345678901L}) {
            var events = List.of(
                    Samples.decided("s-1", Ledger.FIRST, Outcome.DENIED), Samples.done("s-1", Ledger.FIRST),
                    Samples.found("s-1", Ledger.FIRST),
                    new Event.Held("s-1", "p", Ledger.FIRST, Action.Kind.TOOL_CALL, "t", "c", "q?",
                            List.of(new Reason("a", "b")), Home.START, Json.NULL));
            for (var event : events) {
                var item = Item.of(event, RANDOM).inGroup(first);
                var entry = EventReader.read(item.draft().finish(first, first + 3, new Stamp().of(0)));
                assertEquals(item.event(), entry.event());
                assertEquals(first, item.columns().ref());
                assertEquals(first, Columns.of(entry.event()).ref());
            }
        }
    }

    @Test
    void whatIsNoEntryIsRefused() {
        var good =
                """
                {"bytesIn":1,"bytesOut":2,"decided":3,"micros":4,"outcome":"ok","principal":"p","seq":1,\
                "session":"s","time":"2026-11-22T05:26:00.123456Z","type":"done","v":1}""";
        assertTrue(EventReader.read(good.getBytes()).event() instanceof Event.Done);
        for (var bad : List.of("", "[]", "{}", good.replace("\"v\":1", "\"v\":2"), good.replace("done", "undone"),
                good.replace("\"seq\":1", "\"seq\":1.5"), good.replace("11-22", "13-22"), good.replace("456Z", "4567Z"),
                good + " x", good.replace("\"principal\":\"p\",", "")))
            assertThrows(Unreadable.class, () -> EventReader.read(bad.getBytes()), bad);
    }

    @Test
    void whatIsTooLargeIsARefusalOfItsCaller() {
        var large = Samples.asked("s-1", "x".repeat(100_000));
        assertTrue(Item.of(large, RANDOM).payload().length > 100_000, "payloads may be large");
        var target = new Event.Asked(
                "s-1", "p", Action.Kind.TOOL_CALL, "t".repeat(70_000), "d", Json.NULL);
        assertEquals("bytes in one entry", refusal(target).dimension());
        var payload = Samples.asked("s-1", "x".repeat(LedgerLimits.PAYLOAD_BYTES));
        assertEquals("bytes in one payload", refusal(payload).dimension());
    }

    private static QuotaExceeded refusal(Event event) {
        return assertThrows(QuotaExceeded.class, () -> Item.of(event, RANDOM));
    }

    @Test
    void halfASurrogatePairIsRefused() {
        var half = new Event.Asked("s", "p\ud800", Action.Kind.TOOL_CALL, "t", "d", Json.NULL);
        assertThrows(IllegalArgumentException.class, () -> Item.of(half, RANDOM));
    }
}
