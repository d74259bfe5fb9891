package dev.masugata.checkpoint;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.TextReading;
import dev.masugata.model.Finding;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import dev.masugata.wire.Sse;
import dev.masugata.wire.SseReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An answer that comes as events, judged while it comes: an event goes on when all text in it is settled, in the order
/// in which it came. Untouched events keep their data; where something is covered, the event in which it begins says so
/// and the others lose their part of it.
///
/// For one stream, used by one thread at a time.
final class ModelStream {
    /// Texts of one answer: choices, blocks, arguments of tool calls.
    static final int TEXTS_MAX = 512;

    /// Events that wait for a text in them to be settled.
    static final int WAITING_MAX = 32 * 1024;

    private static final int FOUND_MAX = 200;

    /// The last word of OpenAI's streams: no JSON.
    private static final String DONE = "[DONE]";

    /// What is to be done about what is found: by families.
    ///
    /// @param deny the stream is cut where one is found
    record Orders(Set<String> mask, Set<String> strip, Set<String> deny) {
        Set<String> covered() {
            var all = new HashSet<>(mask);
            all.addAll(deny);
            return all;
        }
    }

    /// The stream ends here: nothing more of it goes on.
    static final class Cut extends Exception {
        final String rule;

        Cut(String rule, String why) {
            super(why, null, false, false);
            this.rule = rule;
        }
    }

    private final AnswerShape shape;
    private final Orders orders;
    private final Function<Boolean, TextReading> readings;
    private final Function<Json.Obj, Inspection> inspection;
    private final SseReader reader = new SseReader();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final Map<String, ModelText> texts = new LinkedHashMap<>();
    private final List<Finding> found = new ArrayList<>();
    private Optional<AnswerShape.Usage> usage = Optional.empty();
    private final Set<String> ids = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private long produced;
    private boolean whole;

    /// @param readings   a new one for each text; true: for the arguments of a tool call
    /// @param inspection of an event, but for the pieces of texts in it
    ModelStream(
            AnswerShape shape, Orders orders, Function<Boolean, TextReading> readings,
            Function<Json.Obj, Inspection> inspection) {
        this.shape = shape;
        this.orders = orders;
        this.readings = readings;
        this.inspection = inspection;
    }

    /// Takes bytes as they come.
    ///
    /// @return what may go on now
    byte[] accept(byte[] piece) throws Cut {
        List<Sse.Frame> frames;
        try {
            frames = reader.feed(piece);
        } catch (Sse.Refused refused) {
            throw new Cut("model/malformed", "the provider's stream is no strict stream of events");
        }
        for (var frame : frames) take(frame);
        if (queue.size() > WAITING_MAX) throw new Cut("model/too-long", "too many events wait for one text");
        return settled();
    }

    /// The stream is at its end.
    byte[] finish() throws Cut {
        for (var text : texts.values()) text.finish();
        return settled();
    }

    /// What was found in all.
    List<Finding> found() {
        var all = new ArrayList<>(found);
        for (var text : texts.values()) all.addAll(text.inspection().findings());
        return all.size() > FOUND_MAX ? all.subList(0, FOUND_MAX) : all;
    }

    /// The names under which the provider keeps the answer.
    Set<String> ids() {
        return ids;
    }

    /// The arguments of the calls that the model asked for, as they were shown.
    List<String> asked() {
        var all = new ArrayList<>(calls);
        for (var text : texts.values()) if (text.isCall()) all.add(text.kept());
        return all;
    }

    /// What the provider said of its cost.
    Optional<AnswerShape.Usage> usage() {
        return usage;
    }

    /// Bytes of text that the model produced: no fewer than its tokens.
    long produced() {
        return produced;
    }

    /// True if the stream came to the end that its format has.
    boolean isWhole() {
        return whole;
    }

    /// What went on of each text, for the record.
    Json.Obj kept() {
        var kept = Json.EMPTY;
        for (var one : texts.entrySet()) kept = kept.with(one.getKey(), one.getValue().kept());
        return kept;
    }

    private record Part(ModelText text, String piece, int to, String place) {}

    /// @param data null where the frame is no event with JSON
    private record Waiting(Sse.Frame frame, Json.@Nullable Obj data, List<Part> parts) {
        boolean isSettled() {
            for (var part : parts) if (!part.text().isSettled(part.to())) return false;
            return true;
        }
    }

    private void take(Sse.Frame frame) throws Cut {
        if (!(frame instanceof Sse.Event event) || event.data().equals(DONE)) {
            if (frame instanceof Sse.Event) {
                whole = true;
                for (var text : texts.values()) text.finish();
            }
            // What a comment says nobody needs.
            queue.add(new Waiting(frame instanceof Sse.Comment ? new Sse.Comment("") : frame, null, List.of()));
            return;
        }
        whole |= shape.isLast(event);
        var data = read(event.data());
        shape.id(data).ifPresent(ids::add);
        shape.usage(data).ifPresent(said -> usage = Optional.of(usage.map(it -> it.or(said)).orElse(said)));
        var parts = new ArrayList<Part>();
        var rest = data;
        for (var piece : shape.pieces(data)) {
            var string = Places.string(data, piece.place());
            var text = text(piece);
            parts.add(new Part(text, string, text.accept(string), piece.place()));
            produced += string.getBytes(StandardCharsets.UTF_8).length;
            rest = Places.with(rest, piece.place(), "");
        }
        var called = calls(data);
        if (called != data) rest = data = called;
        if (!looksGood(rest)) data = covered(event, data, parts.isEmpty());
        for (var ended : shape.ends(data)) end(ended);
        queue.add(new Waiting(event, data, parts));
    }

    /// The same with the arguments of tool calls covered.
    Json.Obj calls(Json.Obj said) throws Cut {
        var left = said;
        for (var place : shape.calls(said)) left = call(left, place);
        return left;
    }

    /// Arguments that come as a whole, or are said again as a whole.
    private Json.Obj call(Json.Obj data, String place) throws Cut {
        var text = new ModelText(readings.apply(true), orders, true);
        var came = Places.at(data, place).orElse(Json.NULL);
        var written = came instanceof Json.Str(var string, _) ? string : JsonWriter.text(came);
        int to = text.accept(written);
        text.finish();
        found.addAll(text.inspection().findings());
        var shown = text.shown(written, to);
        if (calls.size() < TEXTS_MAX) calls.add(shown);
        if (shown.equals(written)) return data;
        return Places.with(data, place, came instanceof Json.Str ? Json.of(shown) : read(shown));
    }

    private boolean looksGood(Json.Obj rest) {
        var seen = inspection.apply(rest);
        for (var finding : seen.findings()) if (found.size() < FOUND_MAX) found.add(finding);
        return seen.findings().stream().noneMatch(it ->
                orders.covered().contains(it.family()) || orders.strip().contains(it.family()));
    }

    /// An event that says a text as a whole, as some do at its end, is covered like the text.
    private Json.Obj covered(Sse.Event event, Json.Obj data, boolean alone) throws Cut {
        if (!alone) throw new Cut("model/odd-event", "what may not be shown stands beside a text");
        var seen = inspection.apply(data);
        for (var finding : seen.findings())
            if (orders.deny().contains(finding.family()))
                throw new Cut(finding.rule(), "policy does not let it be shown");
        return withoutTokens(
                dev.masugata.inspect.Redaction.of(data, seen.findings(), orders.covered(), orders.strip()));
    }

    /// Without the tokens one by one, and what else each might have been.
    static Json.Obj withoutTokens(Json.Obj said) {
        Json left = said;
        for (var name : List.of("logprobs", "logprobsResult", "top_logprobs")) left = Places.without(left, name);
        return (Json.Obj) left;
    }

    private static Json.Obj read(String data) throws Cut {
        try {
            var limits = Limits.DEFAULT.withBytes(SseReader.EVENT_CHARS);
            if (JsonReader.read(data.getBytes(StandardCharsets.UTF_8),
                    limits) instanceof Json.Obj object) return object;
        } catch (JsonException unreadable) {
            throw new Cut("model/malformed", "the provider sent an event that is no strict JSON");
        }
        throw new Cut("model/malformed", "the provider sent an event that is no JSON object");
    }

    private ModelText text(AnswerShape.Piece piece) throws Cut {
        var name = piece.text();
        var known = texts.get(name);
        if (known != null) return known;
        if (texts.size() >= TEXTS_MAX) throw new Cut("model/too-many", "the answer has too many parts");
        var text = new ModelText(readings.apply(piece.call()), orders, piece.call());
        texts.put(name, text);
        return text;
    }

    private void end(String name) throws Cut {
        boolean beginning = name.endsWith("*");
        var begins = beginning ? name.substring(0, name.length() - 1) : name;
        for (var one : texts.entrySet())
            if (beginning ? one.getKey().startsWith(begins) : one.getKey().equals(name)) one.getValue().finish();
    }

    private byte[] settled() {
        var out = new ByteArrayOutputStream();
        for (var next = queue.peek(); next != null && next.isSettled(); next = queue.peek())
            out.writeBytes(Sse.encode(shown(queue.remove())));
        return out.toByteArray();
    }

    private static Sse.Frame shown(Waiting waiting) {
        var data = waiting.data();
        if (data == null || !(waiting.frame() instanceof Sse.Event event)) return waiting.frame();
        var shown = data;
        for (var part : waiting.parts()) {
            var text = part.text().shown(part.piece(), part.to());
            if (!text.equals(part.piece())) shown = Places.with(shown, part.place(), text);
        }
        // Probabilities of tokens would say again what was covered.
        if (shown != data) shown = withoutTokens(shown);
        var text = JsonWriter.text(shown);
        return new Sse.Event(Optional.empty(), event.type(), text.equals(event.data()) ? event.data() : text);
    }
}
