package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Callers from outside that operators added: for whom each acts, and the hash of its token.
public final class Agents {
    static final Fold FOLD = new Folding();

    private final State state;

    Agents(State state) {
        this.state = state;
    }

    /// @param token the token's hash; the token itself is nowhere
    public record Agent(
            String id, String user, Set<String> groups, String token, boolean revoked, String by, Instant at) {}

    public Optional<Agent> of(String id) {
        return state.at(id).map(it -> read(id, it));
    }

    /// All agents, the revoked ones too, by id.
    public List<Agent> all() {
        var all = new ArrayList<Agent>();
        state.forEach((id, it) -> all.add(read(id, it)));
        all.sort(Comparator.comparing(Agent::id));
        return all;
    }

    /// The agent, not revoked, whose token has this hash. All are compared, each in constant time.
    public Optional<Agent> withToken(String hash) {
        var wanted = hash.getBytes(StandardCharsets.UTF_8);
        Optional<Agent> found = Optional.empty();
        for (var agent : all()) {
            boolean same = MessageDigest.isEqual(wanted, agent.token().getBytes(StandardCharsets.UTF_8));
            if (same && !agent.revoked() && !agent.token().isEmpty()) found = Optional.of(agent);
        }
        return found;
    }

    public static Event.Changed added(Principal by, Principal.Agent agent, String tokenHash) {
        var detail = Json.object("user", agent.user()).with("token", tokenHash)
                .with("groups", Json.strings(new TreeSet<>(agent.groups())));
        return new Event.Changed("", by.id(), Event.Subject.AGENT, agent.name(), "added", detail, Json.NULL);
    }

    public static Event.Changed revoked(Principal by, String id) {
        return new Event.Changed("", by.id(), Event.Subject.AGENT, id, "revoked", Json.EMPTY, Json.NULL);
    }

    private static Agent read(String id, Json.Obj it) {
        return new Agent(
                id, Words.text(it, "user"), Words.texts(it, "groups"), Words.text(it, "token"), it.isTrue("revoked"),
                Words.text(it, "by"), Words.instant(it, "at"));
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "agents/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return Changes.nameOf(event, Event.Subject.AGENT);
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            switch (it.change()) {
                case "added" -> state.put(it.name(), Changes.by(it.detail(), it, time));
                case "revoked" -> state.at(it.name()).ifPresent(agent -> state.put(
                        it.name(), Changes.by(agent, it, time).without("token").with("revoked", Json.TRUE)));
                case String _ -> {}
            }
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return false;
        }
    }
}
