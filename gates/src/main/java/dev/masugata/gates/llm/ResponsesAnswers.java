package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Responses: events with a type each, `response.completed` at the end. What a delta said in pieces is said again as a
/// whole when its text is done.
final class ResponsesAnswers implements AnswerShape {
    private static final Set<String> LAST =
            Set.of("response.completed", "response.incomplete", "response.failed", "error");

    @Override
    public List<Piece> pieces(Json.Obj event) {
        var type = event.string("type").orElse("");
        return type.endsWith(".delta") && event.string("delta").isPresent()
                ? List.of(new Piece(name(event, type.substring(0, type.length() - 6)), "/delta"))
                : List.of();
    }

    private static String name(Json.Obj event, String type) {
        return "output " + Pick.count(event, "output_index") + " " + type + " " + Pick.count(event, "content_index")
                + " " + Pick.count(event, "summary_index");
    }

    @Override
    public List<String> ends(Json.Obj event) {
        var type = event.string("type").orElse("");
        if (LAST.contains(type)) return List.of("output *");
        if (type.equals("response.output_item.done"))
            return List.of("output " + Pick.count(event, "output_index") + " *");
        return type.endsWith(".done") ? List.of(name(event, type.substring(0, type.length() - 5))) : List.of();
    }

    @Override
    public Optional<Usage> usage(Json.Obj said) {
        var response = Pick.object(said, "response").orElse(said);
        return Pick.object(response, "usage").map(usage -> {
            long cached = Pick.count(usage.object("input_tokens_details"), "cached_tokens");
            long in = Pick.count(usage, "input_tokens");
            return new Usage(in < 0 || cached < 0 ? -1 : Math.max(0, in - cached), cached, 0,
                    Pick.count(usage, "output_tokens"));
        });
    }

    @Override
    public List<Sse.Frame> cut(String why, String decision) {
        var error = Json.object("code", "server_error").with("message", why);
        var response = Json.object("id", "resp_" + decision).with("object", "response").with("status", "failed")
                .with("error", error).with("output", new Json.Arr(List.of()));
        return List.of(new Sse.Event(Optional.empty(), "response.failed", JsonWriter.text(
                Json.object("type", "response.failed").with("response", response))));
    }

    @Override
    public boolean isLast(Sse.Event event) {
        return LAST.contains(event.type());
    }
}
