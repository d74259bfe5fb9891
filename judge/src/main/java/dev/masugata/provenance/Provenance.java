package dev.masugata.provenance;

import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Source;
import dev.masugata.wire.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Where the values of each session's actions come from.
///
/// It knows what the user said from channels that the gate owns, what came back from tools, and nothing of what a
/// request says about itself. It lives in memory; after a restart a session is known by its labels only, which is less
/// trust.
public final class Provenance {
    /// Characters kept of all sessions together; past it the session that was not used for longest is forgotten.
    static final long CHARS_MAX = 100_000_000;
    /// Sessions kept.
    static final int SESSIONS_MAX = 10_000;

    private final Function<String, Set<String>> labels;
    /// In the order of use, the longest unused first. Guarded by itself; each [Seen] by itself.
    private final LinkedHashMap<String, Seen> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Integer> sizes = new HashMap<>();
    private long chars;

    /// @param labels what the record says that a session has touched
    public Provenance(Function<String, Set<String>> labels) {
        this.labels = labels;
    }

    /// The user or the operator said something on a channel of the gate's own.
    ///
    /// @param channel which one, as paths name it: `alice at the terminal`
    public void said(Session session, Source.Integrity integrity, String channel, String text) {
        if (integrity != Source.Integrity.USER && integrity != Source.Integrity.OPERATOR)
            throw new IllegalArgumentException("only the user and the operator speak on the gate's own channels");
        var seen = seen(session);
        synchronized (seen) {
            seen.add(new Source(integrity, Set.of(), channel, ""), "", text, false, Set.of());
            resized(session.id(), seen);
        }
    }

    /// Something is about to come back: from here on the session's labels say no more than what was seen here.
    public void expect(Session session) {
        seen(session);
    }

    /// Something came back. Called before any of it is shown, after [#expect(Session)].
    ///
    /// @param labels     what the text at a place is
    /// @param all        what any of it can be
    /// @param held       what was found in it that is not for everybody; its family is its label
    /// @param suspicious inspection saw in it an attempt to instruct the agent
    /// @param cause      the decision that let the call go, such as `d-41`; or empty
    public void delivered(
            Session session,
            Action.Delivery delivery,
            Function<String, Set<String>> labels,
            Set<String> all,
            List<Finding> held,
            boolean suspicious,
            String cause) {
        var seen = seen(session);
        synchronized (seen) {
            var echoed = echoed(delivery.answers(), seen);
            // Of a call that says more than is looked at, nothing that comes back proves anything.
            boolean tooMuch = delivery.answers() instanceof Action.ToolCall call
                    && Value.of(call.arguments()).size() > Value.VALUES_MAX;
            var pieces = new Pieces(delivery.message());
            for (var piece : pieces.all()) {
                var known = labels.apply(piece.place());
                var source = source(delivery, tooMuch ? with(known, "untrusted") : known, cause);
                seen.add(source, piece.place(), piece.text(), suspicious, echoed);
                for (var finding : held)
                    if (finding.place().equals(piece.place()))
                        seen.add(more(source, finding.family()), piece.place(), found(piece, finding), suspicious,
                                echoed);
            }
            if (!pieces.whole()) seen.forgot(all);
            resized(session.id(), seen);
        }
    }

    /// What a prompt brings of tools that the agent has run by itself: anybody may have written it, whatever role it is
    /// given. What the prompt says in the user's name proves nothing, so it is not kept.
    ///
    /// @param held       what was found in the prompt that is not for everybody
    /// @param suspicious places of parts in which inspection saw an attempt to instruct the agent
    public void prompted(Session session, Action.ModelCall call, List<Finding> held, Set<String> suspicious) {
        var seen = seen(session);
        synchronized (seen) {
            for (var part : call.parts().entrySet()) {
                if (part.getValue() != Channel.TOOL_RESULT) continue;
                var place = part.getKey();
                var pieces = new Pieces(at(call.says(), place));
                for (var piece : pieces.all()) {
                    if (!seen.isNew(piece.text())) continue;
                    var source = new Source(Source.Integrity.UNTRUSTED, Set.of("untrusted"),
                            "a tool of the agent's own", "");
                    seen.add(source, place + piece.place(), piece.text(), suspicious.contains(place), Set.of());
                    for (var finding : held)
                        if (finding.place().equals(place + piece.place()))
                            seen.add(more(source, finding.family()), finding.place(), found(piece, finding),
                                    suspicious.contains(place), Set.of());
                }
                if (!pieces.whole()) seen.forgot(Set.of("untrusted"));
            }
            resized(session.id(), seen);
        }
    }

    private static Json.Obj at(Json.Obj says, String place) {
        Json here = says;
        for (var step : place.substring(1).split("/", -1)) {
            var name = step.replace("~1", "/").replace("~0", "~");
            here = switch (here) {
                case Json.Obj object -> object.at(name).orElse(Json.NULL);
                case Json.Arr(var items, _) -> items.get(Integer.parseInt(name));
                case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Json.NULL;
            };
        }
        return here instanceof Json.Obj object ? object : Json.object("", here);
    }

    private static Source source(Action.Delivery delivery, Set<String> labels, String cause) {
        var integrity = labels.contains("untrusted") ? Source.Integrity.UNTRUSTED : Source.Integrity.TRUSTED;
        return new Source(integrity, labels, delivery.answers().target(), cause);
    }

    private static Source more(Source source, String label) {
        return new Source(source.integrity(), with(source.labels(), label), source.name(), source.cause());
    }

    private static Set<String> with(Set<String> labels, String label) {
        var more = new HashSet<>(labels);
        more.add(label);
        return more;
    }

    /// The value itself where the finding has a span, so that only it is confidential and not the text around it.
    private static String found(Pieces.Piece piece, Finding finding) {
        if (!finding.hasSpan()) return piece.text();
        int to = Math.min(finding.to(), piece.text().length());
        return piece.text().substring(Math.min(finding.from(), to), to);
    }

    /// What a call says that nobody had said is not proven by coming back from a trusted tool.
    private static Set<String> echoed(Action.Outbound answers, Seen seen) {
        if (!(answers instanceof Action.ToolCall call)) return Set.of();
        var proof = new Proof(seen);
        var echoed = new HashSet<String>();
        for (var value : Value.of(call.arguments()))
            if (!proof.of(value)) value.spellings().forEach(it -> echoed.add(it.toLowerCase(Locale.ROOT)));
        return echoed;
    }

    /// Where the values of an action come from.
    public Trail trail(Session session, Action action) {
        var says = says(action);
        if (says.members().isEmpty()) return Trail.NONE;
        var seen = seen(session);
        synchronized (seen) {
            return new Tracing(seen).of(Value.of(says));
        }
    }

    /// What of an action an agent can put values into: the arguments of a call; of what else is asked of a server all
    /// but the protocol's own.
    private static Json.Obj says(Action action) {
        return switch (action) {
            case Action.ToolCall call -> call.arguments();
            case Action.Message asked -> switch (asked.kind()) {
                case RESOURCE_READ, PROMPT_GET, COMPLETE, SUBSCRIBE -> asked.params().without("_meta");
                default -> Json.EMPTY;
            };
            case Action.HttpRequest request -> request.says();
            default -> Json.EMPTY;
        };
    }

    /// The session is over.
    public void end(String session) {
        synchronized (sessions) {
            drop(session);
        }
    }

    private Seen seen(Session session) {
        synchronized (sessions) {
            var known = sessions.get(session.id());
            if (known != null) return known;
            var seen = new Seen();
            // The purpose was said before anything else, so it proves what it names whatever was forgotten since.
            if (!session.purpose().isBlank()) {
                var source = new Source(Source.Integrity.USER, Set.of(), "the session's purpose", "");
                seen.add(source, "", session.purpose(), false, Set.of());
            }
            seen.forgot(labels.apply(session.id()));
            sessions.put(session.id(), seen);
            return seen;
        }
    }

    private void resized(String session, Seen seen) {
        synchronized (sessions) {
            if (sessions.get(session) != seen) return;
            int size = seen.size();
            var before = sizes.put(session, size);
            chars += size - (before == null ? 0 : before);
            while ((chars > CHARS_MAX || sessions.size() > SESSIONS_MAX) && sessions.size() > 1)
                drop(sessions.keySet().iterator().next());
        }
    }

    private void drop(String session) {
        sessions.remove(session);
        var size = sizes.remove(session);
        if (size != null) chars -= size;
    }
}
