package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.text.LayerLimits;
import dev.masugata.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every string of an action is read, and what is found says where.
class PipelineTest {
    private static final String RULE = """
            detection test/word
              why It stands for others.
              severity low
              keywords forbidden
              pattern forbidden word
              fires a forbidden word
              silent a word
            detection test/described
              why It stands for those of one channel.
              severity low
              channels tool-description
              keywords forbidden
              pattern forbidden
              fires forbidden
              silent a word
            """;

    private static final Pipeline PIPELINE =
            new Pipeline(List.of(new Rules(DetectionFile.read("x", RULE))), new byte[32]);

    private static Inspection inspect(Json.Obj params) {
        return PIPELINE.inspect(new Action.Message(Action.Kind.PROMPT_GET, "s", "prompts/get", params));
    }

    private static List<Finding> found(Json.Obj params) {
        return inspect(params).findings();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }

    @Test
    void saysWhereInTheGivenString() {
        var found = found(Json.object("a", Json.object("b/c~", "so: Forbidden  \n word!"))).getFirst();
        assertEquals("test/word", found.rule());
        assertEquals("/a/b~1c~0", found.place());
        assertEquals(4, found.from());
        assertEquals(4 + "forbidden  \n word".length(), found.to());
        assertEquals("/k forbidden word#", found(Json.object("k forbidden word", "v")).getFirst().place(), "in a name");
        var items = Json.object("a", new Json.Arr(List.of(Json.of("x"), Json.of("forbidden word"))));
        assertEquals("/a/1", found(items).getFirst().place());
    }

    @Test
    void aCleanNameIsReadOnceAtItsPlaceAndAnyOtherEachTime() {
        var read = new ArrayList<String>();
        Detector detector = (passage, report) -> {
            read.add(passage.channel() + " " + passage.place());
            var layer = passage.layers().all().getFirst();
            if (layer.cased().contains("bad")) report.found("test/bad", Severity.LOW, passage, layer, 0, 3);
        };
        var pipeline = new Pipeline(List.of(detector), new byte[32]);
        var params = Json.object("a", "one").with("bad", Json.object("a", "two")).with("b", "three");
        var call = new Action.Message(Action.Kind.PROMPT_GET, "s", "prompts/get", params);
        assertEquals(1, pipeline.inspect(call).findings().size());
        read.clear();
        assertEquals(1, pipeline.inspect(call).findings().size());
        // What comes after a finding is not known to be clean by itself.
        assertEquals(List.of("EGRESS /a", "EGRESS /bad#", "EGRESS /bad/a#", "EGRESS /bad/a", "EGRESS /b#", "EGRESS /b"),
                read);
        read.clear();
        pipeline.inspect(new Action.Delivery(call, params));
        assertTrue(read.contains("TOOL_RESULT /a#"), "on another channel: " + read);
    }

    @Test
    void asManyCleanNamesAreKnownAsMayBeAndTheRestIsRead() {
        var read = new AtomicLong();
        var pipeline = new Pipeline(List.of((_, _) -> read.incrementAndGet()), new byte[32]);
        for (int i = 0; i < Pipeline.CLEAN_MAX + 10; i++) clean(pipeline, "name" + i);
        read.set(0);
        for (int i = 0; i < Pipeline.CLEAN_MAX + 10; i++) clean(pipeline, "name" + i);
        clean(pipeline, "n".repeat(Pipeline.CLEAN_CHARS_MAX));
        clean(pipeline, "n".repeat(Pipeline.CLEAN_CHARS_MAX));
        assertEquals(12, read.get());
    }

    private static void clean(Pipeline pipeline, String name) {
        pipeline.inspect(new Action.Message(Action.Kind.PROMPT_GET, "s", "prompts/get", Json.object(name, Json.TRUE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ｆｏｒｂｉｄｄｅｎ　ｗｏｒｄ", "f\u200Borbidd\u200Ben word", "f o r b i d d e n   w o r d", "fоrbidden wоrd",
    })
    void readsTheShadow(String text) {
        var found = found(Json.object("a", "see " + text + ".")).getFirst();
        assertEquals("see ".length(), found.from());
        assertEquals("see ".length() + text.length(), found.to());
    }

    @Test
    void whatWasDecodedHasTheSpanOfItsEncoding() {
        var encoded = base64(base64("here is a forbidden word"));
        var found = found(Json.object("a", "take " + encoded + " now")).getFirst();
        assertEquals(5, found.from());
        assertEquals(5 + encoded.length(), found.to());
    }

    @Test
    void knowsTheSameValueAgain() {
        var first = found(Json.object("a", "a forbidden word")).getFirst();
        var again = found(Json.object("b", base64("see the forbidden word"))).getFirst();
        assertEquals(first.fingerprint(), again.fingerprint());
        assertEquals(16, first.fingerprint().length());
        var otherKey = new Pipeline(List.of(new Rules(DetectionFile.read("x", RULE))), new byte[] {1});
        var message = new Action.Message(Action.Kind.PROMPT_GET, "s", "m", Json.object("a", "a forbidden word"));
        assertNotEquals(first.fingerprint(), otherKey.inspect(message).findings().getFirst().fingerprint());
    }

    @Test
    void eachWayHasItsChannel() {
        var list = new Action.Message(Action.Kind.TOOL_LIST, "s", "tools/list", Json.EMPTY);
        var params = Json.object("name", "t").with("arguments", Json.object("a", "forbidden"));
        var call = new Action.ToolCall("s", "t", params);
        var message = Json.object("a", "forbidden");
        var described = PIPELINE.inspect(new Action.Delivery(list, message)).findings();
        assertEquals("test/described", described.getFirst().rule());
        assertEquals(List.of(), PIPELINE.inspect(new Action.Delivery(call, message)).findings());
        assertEquals(List.of(), PIPELINE.inspect(call).findings());
    }

    @Test
    void whatCannotBeReadIsOpaque() {
        var noise = new byte[4096];
        new Random(2).nextBytes(noise);
        var blob = Base64.getEncoder().encodeToString(noise);
        assertEquals(Set.of("/blob"), inspect(Json.object("blob", blob)).opaque());
        var data = Json.object("type", "image").with("data", "aGVsbG8=");
        var image = Json.object("content", new Json.Arr(List.of(data)));
        assertEquals(Set.of("/content/0/data"), inspect(image).opaque());
        assertEquals(Set.of(), inspect(Json.object("type", "text").with("data", "aGVsbG8=")).opaque());
        assertEquals(Set.of(), inspect(Json.object("blob", base64("a text in a blob ".repeat(50)))).opaque());
    }

    @Test
    void findsNoMoreThanIsUseful() {
        var many = Json.EMPTY;
        for (int i = 0; i < 100; i++) many = many.with("k" + i, "forbidden word");
        assertEquals(Report.FINDINGS_MAX, found(many).stream().filter(Finding::hasSpan).count());
        assertEquals(100, found(many).size(), "what is more is told of the string as a whole");
        var masked = (Action.Message) Redaction.of(
                new Action.Message(Action.Kind.PROMPT_GET, "s", "m", many), found(many), Set.of("test"), Set.of());
        assertFalse(masked.params().toString().contains("forbidden"), "and is covered all the same");
        for (int i = 100; i < 2 * Report.WHOLE_MAX; i++) many = many.with("k" + i, "forbidden word");
        assertEquals(Report.FINDINGS_MAX + Report.WHOLE_MAX, found(many).size());
        assertTrue(inspect(many).opaque().contains(""), "past that all is opaque");
        var unread = Json.EMPTY;
        for (int i = 0; i < 100; i++) unread = unread.with("k" + i, Json.object("type", "image").with("data", "x"));
        assertTrue(inspect(unread).opaque().size() <= Report.OPAQUE_MAX + 1);
        assertTrue(inspect(unread).opaque().contains(""), "the rest is not forgotten");
    }

    @Test
    void patternsLookAtSoMuchAndNoMore() {
        var text = "forbidden ".repeat(Report.MATCHED_CHARS_MAX / 10 + 10);
        assertEquals(Set.of("/a"), inspect(Json.object("a", text)).opaque());
        assertEquals(Set.of(), inspect(Json.object("a", text.substring(0, 1000))).opaque());
    }

    @Test
    void textsMadeToTakeLongAreAnsweredInTime() {
        var pipeline = new Pipeline(List.of(new Rules(Detections.all())), new byte[1]);
        var opaque = new ArrayList<String>();
        InspectBench.BenchTexts.hostile().forEach((name, text) -> {
            var seen = assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> pipeline.inspect(Channel.TOOL_RESULT, "/t", text), name);
            assertTrue(seen.findings().size() <= 10 * (Report.FINDINGS_MAX + 1), name);
            if (!seen.opaque().isEmpty()) opaque.add(name);
        });
        assertTrue(opaque.containsAll(List.of("base64 within base64, half a megabyte", "a bomb of gzip")), "" + opaque);
        assertFalse(opaque.contains("a megabyte of words on one line"));
    }

    @Test
    void timeIsBounded() {
        var now = new AtomicLong();
        Detector takesLong = (_, _) -> now.addAndGet(Report.NANOS_MAX + 1);
        var slow = new Pipeline(List.of(takesLong), new byte[1], LayerLimits.DEFAULT, now::get, Report.NANOS_MAX);
        var message = new Action.Message(Action.Kind.PROMPT_GET, "s", "m", Json.object("a", "x").with("b", "y"));
        assertEquals(Set.of(""), slow.inspect(message).opaque());
    }

    @Test
    void readsNumbersAndMasksThem() {
        var rule = RULE.replace("keywords forbidden\n  pattern forbidden word", "keywords 4111\n  pattern 4111\\d+");
        var pipeline = new Pipeline(List.of(new Rules(DetectionFile.read("x", rule))), new byte[1]);
        var message = new Action.Message(Action.Kind.PROMPT_GET, "s", "m", Json.object("n", Json.of(4111222233L)));
        var seen = pipeline.inspect(message).findings();
        var masked = (Action.Message) Redaction.of(message, seen, Set.of("test"), Set.of());
        assertEquals("{\"n\":\"[masked: word]\"}", masked.params().toString());
        assertFalse(pipeline.inspect(masked).findings().iterator().hasNext());
    }

    @Test
    void namesAreMaskedToo() {
        var message = new Action.Message(Action.Kind.PROMPT_GET, "s", "m", Json.object("the forbidden word", "v"));
        var seen = PIPELINE.inspect(message).findings();
        var masked = (Action.Message) Redaction.of(message, seen, Set.of("test"), Set.of());
        assertEquals("{\"the [masked: word]\":\"v\"}", masked.params().toString());
    }
}
