package dev.masugata.app;

import dev.masugata.ledger.Entry;
import dev.masugata.ledger.Payload;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run as a person reads it, out of the record: what the model was told and said, what was called, what came of it.
public final class Transcript {
    /// Calls that are under way at once; of older ones the end is shown without its name.
    private static final int OPEN_MAX = 10_000;

    /// One thing that happened.
    ///
    /// @param title what, and how it was decided
    /// @param said  who said what in it: a speaker and a text each
    public record Turn(long seq, Instant time, String title, List<Said> said) {
        public Turn {
            said = List.copyOf(said);
        }
    }

    /// @param speaker `user`, `tool`, `model`, `call`, `arguments`, `result`
    public record Said(String speaker, String text) {}

    private final Map<Long, Json> asked = new HashMap<>();
    private final Map<Long, Event.Decided> decided = new HashMap<>();

    /// What an entry adds, in the order of the record; empty for what says nothing to a reader.
    public Optional<Turn> of(Entry entry) {
        return switch (entry.event()) {
            case Event.Asked event -> {
                if (asked.size() >= OPEN_MAX) asked.clear();
                asked.put(entry.seq(), entry.payload() == Payload.KEPT ? event.payload() : ERASED);
                yield Optional.empty();
            }
            case Event.Decided event -> decided(entry, event);
            case Event.Done event -> done(entry, event);
            case Event.Held event -> Optional.of(turn(entry, "waits for a person (a-" + entry.seq() + "): "
                    + event.question(), List.of()));
            case Event.Answered event -> Optional.of(turn(entry, event.principal()
                    + (event.approved() ? " approved" : " denied") + " a-" + event.held(), List.of()));
            case Event.Found event when event.finding().severity().ordinal() >= 2 -> Optional.of(turn(entry,
                    "found " + event.finding().rule() + " (" + event.finding().severity().word() + ")", List.of()));
            case Event.Found _ -> Optional.empty();
            case Event.Changed event -> Optional.of(turn(entry, event.subject().word() + " " + event.name() + " "
                    + event.change(), List.of()));
        };
    }

    private static final Json ERASED = Json.object("erased", Json.TRUE);

    private static Turn turn(Entry entry, String title, List<Said> said) {
        return new Turn(entry.seq(), entry.time(), title, said);
    }

    private Optional<Turn> decided(Entry entry, Event.Decided event) {
        var content = content(asked.remove(event.asked()));
        if (event.kind() == Action.Kind.LIFECYCLE && event.outcome() == Outcome.ALLOWED) return Optional.empty();
        if (decided.size() >= OPEN_MAX) decided.clear();
        decided.put(entry.seq(), event);
        var why = event.outcome() == Outcome.ALLOWED
                ? ""
                : ": " + event.because().stream().map(Reason::text).collect(Collectors.joining("; "));
        var title = event.kind().word().replace('_', ' ') + " " + event.target() + "  " + event.outcome().word()
                + " (d-" + entry.seq() + ")" + why;
        return Optional.of(turn(entry, title, told(event.kind(), content)));
    }

    private static Json content(Json payload) {
        if (payload == null || payload == ERASED) return Json.NULL;
        return payload instanceof Json.Obj object ? object.at("content").orElse(Json.NULL) : Json.NULL;
    }

    private static List<Said> told(Action.Kind kind, Json content) {
        if (!(content instanceof Json.Obj said) || said.members().isEmpty()) return List.of();
        if (kind == Action.Kind.MODEL_CALL) return prompt(said);
        var arguments = kind == Action.Kind.TOOL_CALL ? said.object("arguments") : said;
        return arguments.members().isEmpty() ? List.of() : List.of(new Said("arguments", JsonWriter.text(arguments)));
    }

    private Optional<Turn> done(Entry entry, Event.Done event) {
        var what = decided.remove(event.decided());
        if (what == null) return Optional.empty();
        var payload = entry.payload() == Payload.KEPT ? event.payload() : Json.NULL;
        var said = what.kind() == Action.Kind.MODEL_CALL ? answer(payload) : result(payload);
        if (said.isEmpty() && event.outcome().equals("ok")) return Optional.empty();
        return Optional.of(turn(entry, what.kind().word().replace('_', ' ') + " " + what.target() + "  "
                + event.outcome() + " in " + event.micros() / 1000 + " ms (d-" + event.decided() + ")", said));
    }

    private static List<Said> result(Json payload) {
        return payload instanceof Json.Null || payload instanceof Json.Obj(var members, _) && members.isEmpty()
                ? List.of()
                : List.of(new Said("result", JsonWriter.text(payload)));
    }

    // --- what models are told and say -----------------------------------------------------------------------------

    /// The last turn of a prompt: those before it were told before.
    private static List<Said> prompt(Json.Obj body) {
        for (var name : List.of("messages", "input", "contents")) {
            var items = body.items(name);
            if (!items.isEmpty() && items.getLast() instanceof Json.Obj last) return List.of(turn(last));
            if (body.string(name).isPresent()) return List.of(new Said("user", body.string(name).get()));
        }
        return List.of();
    }

    private static Said turn(Json.Obj last) {
        var role = last.string("role").or(() -> last.string("type")).orElse("user");
        var text = new ArrayList<String>();
        texts(last, text);
        boolean tool = role.contains("tool") || role.contains("output") || JsonWriter.text(last).contains("tool_result")
                || last.toString().contains("functionResponse");
        return new Said(tool ? "tool" : role, String.join("\n", text));
    }

    /// What a whole answer says, or all texts of one that streamed.
    private static List<Said> answer(Json payload) {
        if (!(payload instanceof Json.Obj done)) return List.of();
        var said = new ArrayList<Said>();
        done.object("texts").members().forEach((name, text) -> {
            if (text instanceof Json.Str(var words, _) && !words.isEmpty())
                said.add(new Said(CALL.matcher(name).find() ? "call" : "model", words));
        });
        if (!said.isEmpty() || !(done.at("body").orElse(Json.NULL) instanceof Json.Obj body)) return said;
        for (var name : List.of("choices", "output", "content", "candidates"))
            for (var item : body.items(name)) {
                var text = new ArrayList<String>();
                texts(item, text);
                if (!text.isEmpty()) said.add(new Said("model", String.join("\n", text)));
            }
        if (said.isEmpty() && body.at("error").isPresent()) said.add(new Said("model", JsonWriter.text(body)));
        return said;
    }

    private static final java.util.regex.Pattern CALL = java.util.regex.Pattern.compile("tool|function|arguments|call");

    /// Texts, and calls as they are written.
    private static void texts(Json value, List<String> into) {
        switch (value) {
            case Json.Obj object -> object.members().forEach((name, member) -> {
                if (member instanceof Json.Str(var text, _)) {
                    if (WORDS.contains(name) && !text.isEmpty()) into.add(text);
                } else if (VALUES.contains(name)) into.add(JsonWriter.text(member));
                else texts(member, into);
            });
            case Json.Arr(var items, _) -> items.forEach(it -> texts(it, into));
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static final List<String> WORDS =
            List.of("content", "text", "output", "arguments", "name", "refusal", "thinking", "stdout", "stderr");

    private static final List<String> VALUES = List.of("input", "args", "functionResponse");
}
