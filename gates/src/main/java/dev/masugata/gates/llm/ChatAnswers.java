package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chat completions: `chat.completion.chunk` events, `[DONE]` at the end.
final class ChatAnswers implements AnswerShape {
    private static final List<String> TEXTS = List.of("content", "refusal", "reasoning_content", "reasoning");

    @Override
    public List<Piece> pieces(Json.Obj event) {
        var pieces = new ArrayList<Piece>();
        for (var choice : Pick.objects(event, "choices", "")) {
            var delta = choice.object().object("delta");
            var name = "choice " + choice.number();
            for (var text : TEXTS)
                if (delta.string(text).isPresent())
                    pieces.add(new Piece(name + " " + text, choice.place() + "/delta/" + text));
            if (delta.object("function_call").string("arguments").isPresent())
                pieces.add(new Piece(name + " function", choice.place() + "/delta/function_call/arguments", true));
            for (var call : Pick.objects(delta, "tool_calls", choice.place() + "/delta")) {
                if (call.object().object("function").string("arguments").isPresent())
                    pieces.add(new Piece(name + " tool " + call.number(), call.place() + "/function/arguments",
                            true));
                if (call.object().object("custom").string("input").isPresent())
                    pieces.add(new Piece(name + " custom " + call.number(), call.place() + "/custom/input",
                            true));
            }
        }
        return pieces;
    }

    @Override
    public List<String> calls(Json.Obj said) {
        var places = new ArrayList<String>();
        for (var choice : Pick.objects(said, "choices", ""))
            for (var call : Pick.objects(choice.object().object("message"), "tool_calls", choice.place()
                    + "/message")) {
                if (call.object().object("function").string("arguments").isPresent())
                    places.add(call.place() + "/function/arguments");
                if (call.object().object("custom").string("input").isPresent())
                    places.add(call.place() + "/custom/input");
            }
        return places;
    }

    @Override
    public List<String> ends(Json.Obj event) {
        return Pick.objects(event, "choices", "").stream()
                .filter(it -> it.object().string("finish_reason").isPresent())
                .map(it -> "choice " + it.number() + " *").toList();
    }

    /// No later request names an answer of this format.
    @Override
    public Optional<String> id(Json.Obj said) {
        return Optional.empty();
    }

    @Override
    public Optional<Usage> usage(Json.Obj said) {
        return Pick.object(said, "usage").map(usage -> {
            long cached = Pick.count(usage.object("prompt_tokens_details"), "cached_tokens");
            long in = Pick.count(usage, "prompt_tokens");
            return new Usage(in < 0 || cached < 0 ? -1 : Math.max(0, in - cached), cached, 0,
                    Pick.count(usage, "completion_tokens"));
        });
    }

    @Override
    public List<Sse.Frame> cut(String why, String decision) {
        var delta = Json.object("refusal", why);
        var choice = Json.object("index", Json.of(0)).with("delta", delta).with("finish_reason", "content_filter");
        var chunk = Json.object("id", decision).with("object", "chat.completion.chunk").with("created", Json.of(0))
                .with("model", "masugata").with("choices", new Json.Arr(List.of(choice)));
        return List.of(new Sse.Event(JsonWriter.text(chunk)), new Sse.Event("[DONE]"));
    }

    @Override
    public boolean isLast(Sse.Event event) {
        return event.data().equals("[DONE]");
    }
}
