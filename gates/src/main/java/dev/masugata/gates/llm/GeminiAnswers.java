package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// generateContent: each event is an answer of its own whose texts go on from event to event; it ends with the reason
/// why it ended.
final class GeminiAnswers implements AnswerShape {
    @Override
    public List<Piece> pieces(Json.Obj event) {
        var pieces = new ArrayList<Piece>();
        for (var candidate : Pick.objects(event, "candidates", ""))
            for (var part : Pick.objects(
                    candidate.object().object("content"), "parts", candidate.place() + "/content"))
                if (part.object().string("text").isPresent())
                    pieces.add(new Piece(
                            "candidate " + candidate.number()
                                    + (part.object().isTrue("thought") ? " thought" : " text"),
                            part.place() + "/text"));
        return pieces;
    }

    @Override
    public List<String> calls(Json.Obj said) {
        var places = new ArrayList<String>();
        for (var candidate : Pick.objects(said, "candidates", ""))
            for (var part : Pick.objects(
                    candidate.object().object("content"), "parts", candidate.place() + "/content"))
                if (part.object().object("functionCall").at("args").filter(Json.Obj.class::isInstance).isPresent())
                    places.add(part.place() + "/functionCall/args");
        return places;
    }

    @Override
    public List<String> ends(Json.Obj event) {
        return Pick.objects(event, "candidates", "").stream()
                .filter(it -> it.object().string("finishReason").isPresent())
                .map(it -> "candidate " + it.number() + " *").toList();
    }

    /// No later request names an answer of this format.
    @Override
    public Optional<String> id(Json.Obj said) {
        return Optional.empty();
    }

    @Override
    public Optional<Usage> usage(Json.Obj said) {
        return Pick.object(said, "usageMetadata").map(usage -> {
            long cached = Pick.count(usage, "cachedContentTokenCount");
            long in = Pick.count(usage, "promptTokenCount") + Pick.count(usage, "toolUsePromptTokenCount");
            return new Usage(in < 0 || cached < 0 ? -1 : Math.max(0, in - cached), cached, 0,
                    Pick.count(usage, "candidatesTokenCount") + Pick.count(usage, "thoughtsTokenCount"));
        });
    }

    @Override
    public List<Sse.Frame> cut(String why, String decision) {
        var content = Json.object("role", "model").with("parts", new Json.Arr(List.of(Json.object("text", ""))));
        var candidate = Json.object("content", content).with("finishReason", "SAFETY").with("index", Json.of(0))
                .with("finishMessage", why);
        return List.of(new Sse.Event(JsonWriter.text(
                Json.object("candidates", new Json.Arr(List.of(candidate))).with("responseId", decision))));
    }

    @Override
    public boolean isLast(Sse.Event event) {
        return event.data().contains("\"finishReason\"");
    }
}
