package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Responses: events with a type each, `response.completed` at the end. What a delta said in pieces is said again as a
/// whole when its text is done.
final class ResponsesAnswers implements AnswerShape {
    private static final Set<String> LAST =
            Set.of("response.completed", "response.incomplete", "response.failed", "error");

    @Override
    public List<Piece> pieces(Json.Obj event) {
        var type = event.string("type").orElse("");
        return type.endsWith(".delta") && event.string("delta").isPresent()
                ? List.of(new Piece(name(event, type.substring(0, type.length() - 6)), "/delta", CALLS.matcher(type)
                        .find()))
                : List.of();
    }

    private static final Pattern CALLS = Pattern.compile("arguments|call_input");

    /// Of each item of an output, and of those that are said again as a whole.
    @Override
    public List<String> calls(Json.Obj said) {
        var places = new ArrayList<String>();
        if (CALLS.matcher(said.string("type").orElse("")).find()) add(said, "", places);
        add(said.object("item"), "/item", places);
        for (var item : Pick.objects(said, "output", "")) add(item.object(), item.place(), places);
        for (var item : Pick.objects(said.object("response"), "output", "/response"))
            add(item.object(), item.place(), places);
        return places;
    }

    private static void add(Json.Obj item, String place, List<String> into) {
        for (var name : List.of("arguments", "input"))
            if (item.string(name).filter(it -> !it.isEmpty()).isPresent()) into.add(place + "/" + name);
        if (item.object("action").at("command").isPresent() || item.object("action").at("commands").isPresent())
            into.add(place + "/action");
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
    public Optional<String> id(Json.Obj said) {
        var response = Pick.object(said, "response").orElse(said);
        return response.string("object").equals(Optional.of("response")) ? response.string("id") : Optional.empty();
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
