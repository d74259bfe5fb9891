package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Messages: blocks of content that begin, come in deltas and stop; `message_stop` at the end.
final class AnthropicAnswers implements AnswerShape {
    private static final Map<String, String> DELTAS = Map.of(
            "text_delta", "text", "thinking_delta", "thinking", "input_json_delta", "partial_json");

    @Override
    public List<Piece> pieces(Json.Obj event) {
        if (!event.string("type").equals(Optional.of("content_block_delta"))) return List.of();
        var member = DELTAS.get(event.object("delta").string("type").orElse(""));
        return member == null || event.object("delta").string(member).isEmpty()
                ? List.of()
                : List.of(new Piece("block " + Pick.count(event, "index"), "/delta/" + member,
                        member.equals("partial_json")));
    }

    @Override
    public List<String> calls(Json.Obj said) {
        var places = new ArrayList<String>();
        for (var block : Pick.objects(said, "content", ""))
            if (block.object().at("input").filter(Json.Obj.class::isInstance).isPresent())
                places.add(block.place() + "/input");
        return places;
    }

    @Override
    public List<String> ends(Json.Obj event) {
        return switch (event.string("type").orElse("")) {
            case "content_block_stop" -> List.of("block " + Pick.count(event, "index"));
            case "message_delta", "message_stop", "error" -> List.of("block *");
            default -> List.of();
        };
    }

    /// No later request names an answer of this format.
    @Override
    public Optional<String> id(Json.Obj said) {
        return Optional.empty();
    }

    @Override
    public Optional<Usage> usage(Json.Obj said) {
        var message = Pick.object(said, "message").orElse(said);
        return Pick.object(message, "usage").map(usage -> new Usage(
                Pick.count(usage, "input_tokens"), Pick.count(usage, "cache_read_input_tokens"),
                Pick.count(usage, "cache_creation_input_tokens"), Pick.count(usage, "output_tokens")));
    }

    @Override
    public List<Sse.Frame> cut(String why, String decision) {
        var error = Json.object("type", "error").with("error", Json.object("type", "permission_error")
                .with("message", why)).with("request_id", decision);
        return List.of(new Sse.Event(Optional.empty(), "error", JsonWriter.text(error)));
    }

    @Override
    public boolean isLast(Sse.Event event) {
        return event.type().equals("message_stop");
    }
}
