package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseTest {
    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("data: a\n\n", List.of(event("a"))),
                Arguments.of("data:a\r\rdata:b\r\n\r\ndata:c\n\n", List.of(event("a"), event("b"), event("c"))),
                Arguments.of("data: a\r\n\n\r\rdata: b\n\r\n", List.of(event("a"), event("b"))),
                Arguments.of("\ufeffdata: a\n\n\ufeffdata: b\n\n", List.of(event("a"))),
                Arguments.of("\ufeff\ufeffdata: a\n\n", List.of()),
                Arguments.of("data: YHOO\ndata: +2\ndata: 10\n\n", List.of(event("YHOO\n+2\n10"))),
                Arguments.of(
                        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                        List.of(
                                new Sse.Comment("test stream"),
                                event("1", "message", "first event"),
                                event("", "message", "second event"),
                                event(" third event"))),
                Arguments.of("data\n\ndata\ndata\n\ndata:", List.of(event(""), event("\n"))),
                Arguments.of("data:test\n\ndata: test\n\n", List.of(event("test"), event("test"))),
                Arguments.of(
                        "event: add\ndata: 7\n\nevent:\ndata: 8\n\n",
                        List.of(new Sse.Event(Optional.empty(), "add", "7"), event("8"))),
                Arguments.of("event: add\n\ndata: 8\n\n", List.of(event("8"))),
                Arguments.of(
                        "retry: 1500\n\nretry: 1x\nretry:\nretry: 9999999999\ndata: a\n\n",
                        List.of(new Sse.Retry(1500), event("a"))),
                Arguments.of("id: 5\n\ndata: a\n\n", List.of(event("a"))),
                Arguments.of("id: 5\0\ndata: a\nid: 6\n\n", List.of(event("6", "message", "a"))),
                Arguments.of(
                        ":\n:  keep\ndata: é€😀\nunknown: x\nDATA: y\n data: z\n\n",
                        List.of(new Sse.Comment(""), new Sse.Comment(" keep"), event("é€😀"))),
                Arguments.of("data: cut off\n", List.of()),
                Arguments.of(
                        "data: a:b\n\ndata: {\"x\": \"\\n\"}\n\n", List.of(event("a:b"), event("{\"x\": \"\\n\"}"))));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsTheSameInEveryTwoParts(String stream, List<Sse.Frame> frames) {
        var bytes = stream.getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var reader = new SseReader();
            var read = new ArrayList<>(reader.feed(bytes, 0, cut));
            read.addAll(reader.feed(bytes, cut, bytes.length));
            assertEquals(frames, read, "cut at " + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void readsTheSameInAnyParts(String stream, List<Sse.Frame> frames) {
        var bytes = stream.getBytes(UTF_8);
        var random = new Random(9_2);
        for (int round = 0; round < 300; round++) {
            int most = 1 + random.nextInt(5);
            var reader = new SseReader();
            var read = new ArrayList<Sse.Frame>();
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + random.nextInt(most + 1));
                read.addAll(reader.feed(java.util.Arrays.copyOfRange(bytes, at, to)));
                at = to;
            }
            assertEquals(frames, read);
        }
    }

    @Test
    void anEventComesOutWithTheByteThatCompletesIt() {
        var reader = new SseReader();
        assertEquals(List.of(), reader.feed("data: a\r".getBytes(UTF_8)));
        assertEquals(List.of(event("a")), reader.feed("\r".getBytes(UTF_8)));
        assertEquals(List.of(), reader.feed("\n".getBytes(UTF_8)));
    }

    @Test
    void remembersTheLastIdAlsoWithoutAnEvent() {
        var reader = new SseReader();
        reader.feed("id: 5\n\ndata: a\n\n".getBytes(UTF_8));
        assertEquals("5", reader.lastEventId());
        reader.feed("id: 6\ndata: b\n".getBytes(UTF_8));
        assertEquals("5", reader.lastEventId());
        reader.feed("\nid\n\n".getBytes(UTF_8));
        assertEquals("", reader.lastEventId());
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        var frames = List.of(
                event("a"),
                event(""),
                event(" a"),
                event("a\n\nb\n"),
                event(":x"),
                event("7", "add", "日本"),
                event("", "message", "x"),
                new Sse.Comment(""),
                new Sse.Comment("  x"),
                new Sse.Retry(0));
        var bytes = new ByteArrayOutputStream();
        for (var frame : frames) bytes.writeBytes(Sse.encode(frame));
        assertEquals(frames, new SseReader().feed(bytes.toByteArray()));
        assertEquals("data: a\ndata: b\ndata: c\ndata: \n\n", new String(Sse.encode(event("a\rb\r\nc\n")), UTF_8));
    }

    @Test
    void nothingWrittenCanForgeAnotherField() {
        for (var end : List.of("\n", "\r", "\r\n")) {
            var forged = "x" + end + "data: forged";
            assertThrows(IllegalArgumentException.class, () -> Sse.encode(event(forged, "message", "a")));
            assertThrows(IllegalArgumentException.class, () -> Sse.encode(event("1", forged, "a")));
            assertThrows(IllegalArgumentException.class, () -> Sse.encode(new Sse.Comment(forged)));
            assertEquals(List.of(event("x\ndata: forged")), new SseReader().feed(Sse.encode(event(forged))));
        }
        assertThrows(IllegalArgumentException.class, () -> Sse.encode(event("1\0", "message", "a")));
        Sse.encode(event("x data: forged", "x data: forged", "a"));
    }

    @Test
    void keepsEachLimit() {
        refuses("data: 1234\n\n", "data: 12345");
        refuses("data: 123\ndata: 1234\n\n", "data: 1234\ndata: 1234\n\n");
        refuses("data\n".repeat(9), "data\n".repeat(10));
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThrows(Sse.Refused.class, () -> new SseReader().feed("data: \u00ff\n".getBytes(ISO_8859_1)));
        assertThrows(
                Sse.Refused.class, () -> new SseReader().feed("data: \u00c3\ndata: \u00a9\n".getBytes(ISO_8859_1)));
        assertEquals(List.of(event("é")), new SseReader().feed("data: \u00c3\u00a9\n\n".getBytes(ISO_8859_1)));
    }

    private static void refuses(String justEnough, String tooMuch) {
        new SseReader(10, 8).feed(justEnough.getBytes(UTF_8));
        assertThrows(Sse.Refused.class, () -> new SseReader(10, 8).feed(tooMuch.getBytes(UTF_8)));
    }

    private static Sse.Event event(String data) {
        return new Sse.Event(data);
    }

    private static Sse.Event event(String id, String type, String data) {
        return new Sse.Event(Optional.of(id), type, data);
    }
}
