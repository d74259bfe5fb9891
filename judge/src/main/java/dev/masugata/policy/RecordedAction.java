package dev.masugata.policy;

import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.ledger.Standing;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Event;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Origins;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// An action as it lies in the record, so that any policy can be asked about it again.
public final class RecordedAction {
    /// The member of the payload that holds what the action carries.
    public static final String CONTENT = "content";

    /// Stands for what was refused before inspection could say what of it may be kept.
    public static final Json.Obj NOT_INSPECTED = Json.object("notInspected", Json.TRUE);

    private RecordedAction() {}

    /// What the record keeps of an action beside its name: all that policy looked at.
    public static Json.Obj payload(Action action, Circumstance circumstance, Facts facts, Json content) {
        var how = Json.object("address", circumstance.address())
                .with("class", circumstance.toolClass().word())
                .with("pin", circumstance.pin())
                .with("reviewable", Json.of(circumstance.reviewable()));
        if (circumstance.opened() != Circumstance.Opened.NO) how = how.with("opened", circumstance.opened().word());
        how = lent(how, circumstance.lent());
        var payload = Json.object(CONTENT, content).with("circumstance", how);
        if (!facts.labels().isEmpty()) payload = payload.with("labels", Json.strings(new TreeSet<>(facts.labels())));
        return switch (action) {
            case Action.ModelCall call -> payload.with("method", call.method())
                    .with("promises", Json.strings(new TreeSet<>(call.promises())));
            case Action.Outbound outbound -> payload.with("method", outbound.method());
            case Action.Delivery delivery ->
                payload.with("method", delivery.answers().method()).with("answers", delivery.answers().kind().word());
            case Action.FileApply _ -> payload;
            case Action.HouseCall call -> payload.with("method", call.method());
            case Action.Operator command -> payload.with("method", command.command());
        };
    }

    private static Json.Obj lent(Json.Obj how, Circumstance.Lent lent) {
        if (lent.equals(Circumstance.Lent.NONE)) return how;
        var named = how.with("credential", lent.credential());
        return lent.group().isEmpty() ? named : named.with("group", lent.group());
    }

    /// The payload with where the action's values come from.
    ///
    /// @param paths for people: one line for each value
    public static Json.Obj traced(Json.Obj payload, Origins origins, List<String> paths) {
        if (origins.equals(Origins.NONE) && paths.isEmpty()) return payload;
        var places = Json.object("unproven", sorted(origins.unproven()))
                .with("untrusted", sorted(origins.untrusted()))
                .with("destinations", sorted(origins.destinations()))
                .with("suspicious", sorted(origins.suspicious()))
                .with("confidential", sorted(origins.confidential()))
                .with("addresses", Json.of(origins.addresses()))
                .with("paths", Json.strings(paths));
        return payload.with("origins", places);
    }

    private static Json sorted(Set<String> places) {
        return Json.strings(new TreeSet<>(places));
    }

    private static Origins origins(Json.Obj payload) {
        var places = payload.object("origins");
        return new Origins(
                texts(places, "unproven"), texts(places, "untrusted"), texts(places, "destinations"),
                texts(places, "suspicious"), texts(places, "confidential"),
                Math.toIntExact(places.integer("addresses").orElse(0L)));
    }

    /// The evidence on which a decision was made; empty where its content was erased, dropped or too large to keep.
    ///
    /// @param standing what the record says is so; folding it reads the whole record, so a caller asks for it once
    static Optional<Evidence> evidence(LedgerReader record, Standing standing, Event.Decided decided) {
        var asked = record.entry(decided.asked());
        if (asked.isEmpty() || !(asked.get().event() instanceof Event.Asked event)) return Optional.empty();
        if (!(event.payload() instanceof Json.Obj payload)) return Optional.empty();
        var action = action(event, payload);
        if (action.isEmpty()) return Optional.empty();
        return Optional.of(new Evidence(
                session(standing, decided),
                action.get(),
                circumstance(payload.object("circumstance")),
                findings(record, asked.get()),
                Set.of(),
                origins(payload),
                new Facts(texts(payload, "labels"), false, Set.of()),
                asked.get().time()));
    }

    private static Optional<Action> action(Event.Asked event, Json.Obj payload) {
        if (!(payload.members().get(CONTENT) instanceof Json.Obj content) || content.at("tooLarge").isPresent()
                || content.equals(NOT_INSPECTED))
            return Optional.empty();
        int slash = event.target().indexOf('/');
        var method = payload.string("method").orElse("");
        boolean call = event.kind() == Action.Kind.TOOL_CALL && slash > 0 && content.string("name").isPresent();
        if (call) {
            var server = event.target().substring(0, slash);
            return Optional.of(new Action.ToolCall(server, content.string("name").get(), content));
        }
        if (event.kind() == Action.Kind.HTTP_REQUEST)
            return request(event.target(), method, content).map(it -> it);
        if (event.kind() == Action.Kind.MODEL_CALL) return Optional.of(call(event.target(), method, content,
                texts(payload, "promises")));
        if (event.kind() == Action.Kind.DELIVERY) {
            if (payload.string("answers").orElse("").equals(Action.Kind.MODEL_CALL.word()))
                return Optional.of(new Action.Delivery(call(event.target(), method, Json.EMPTY, Set.of()), content));
            if (payload.string("answers").orElse("").equals(Action.Kind.HTTP_REQUEST.word()))
                return request(event.target(), method, Json.EMPTY).map(it -> new Action.Delivery(it, content));
            var kind = Action.Kind.valueOf(payload.string("answers").orElse("lifecycle").toUpperCase(Locale.ROOT));
            var answers = new Action.Message(kind, slash > 0 ? event.target().substring(0, slash) : event.target(),
                    method, Json.EMPTY);
            return Optional.of(new Action.Delivery(answers, content));
        }
        return Optional.of(new Action.Message(event.kind(), event.target(), method, content));
    }

    /// A call of a model as far as the record kept it: where its provider is, is not in it.
    static Action.ModelCall call(String target, String operation, Json.Obj says, Set<String> promises) {
        int slash = target.indexOf('/');
        var body = HttpBody.of(JsonWriter.bytes(says), "application/json", "");
        var request = new Action.HttpRequest(NOWHERE, "POST", List.of(), body);
        return new Action.ModelCall(
                slash < 0 ? target : target.substring(0, slash), slash < 0 ? "" : target.substring(slash + 1),
                        operation,
                request, java.util.Map.of(), Action.ModelCall.Tokens.NONE, promises);
    }

    /// RFC 2606, section 2: a name that stands for no place.
    private static final HttpUrl NOWHERE = HttpUrl.of("https://provider.invalid/").orElseThrow();

    /// A request as far as the record kept it.
    private static Optional<Action.HttpRequest> request(String target, String method, Json.Obj says) {
        return HttpUrl.of(says.string("url").orElse(target)).map(url -> {
            var headers = new ArrayList<HttpField>();
            says.object("headers").members().forEach((name, value) -> {
                if (value instanceof Json.Str(var text, _)) headers.add(new HttpField(name, text));
            });
            var body = says.at("body").orElse(Json.NULL);
            var kept = switch (body) {
                case Json.Null _ -> HttpBody.NONE;
                case Json.Str(var text, _) -> HttpBody.of(text.getBytes(StandardCharsets.UTF_8), "text/plain", "");
                case Json it -> HttpBody.of(JsonWriter.bytes(it), "application/json", "");
            };
            return new Action.HttpRequest(url, method, headers, kept);
        });
    }

    private static Session session(Standing standing, Event.Decided decided) {
        var known = standing.sessions().of(decided.session());
        var name = decided.principal().startsWith("agent:") ? decided.principal().substring(6) : decided.principal();
        var agent = new Principal.Agent(
                name, known.map(it -> it.user()).orElse(""), known.map(it -> it.groups()).orElse(Set.of()));
        var kind = known.map(it -> it.kind().equals("sealed")).orElse(false) ? Session.Kind.SEALED : Session.Kind.TOKEN;
        return new Session(decided.session(), agent, known.map(it -> it.purpose()).orElse(""), kind);
    }

    private static Circumstance circumstance(Json.Obj how) {
        var toolClass = ToolClass.valueOf(how.string("class").orElse("unconfirmed").toUpperCase(Locale.ROOT));
        var lent = new Circumstance.Lent(how.string("credential").orElse(""), how.string("group").orElse(""));
        return new Circumstance(
                how.string("address").orElse(""), toolClass, how.string("pin").orElse(""), how.isTrue("reviewable"),
                lent, Circumstance.Opened.valueOf(how.string("opened").orElse("no").toUpperCase(Locale.ROOT)));
    }

    /// What was seen in it stands right behind it.
    private static List<Finding> findings(LedgerReader record, Entry asked) {
        var findings = new ArrayList<Finding>();
        for (var entry : record.entries(Query.ALL.withAfter(asked.seq()).withLimit(100)))
            if (entry.event() instanceof Event.Found found && found.about() == asked.seq()) findings.add(found.finding());
            else break;
        return findings;
    }

    private static Set<String> texts(Json.Obj from, String name) {
        var texts = new HashSet<String>();
        for (var item : from.items(name)) if (item instanceof Json.Str(var text, _)) texts.add(text);
        return texts;
    }
}
