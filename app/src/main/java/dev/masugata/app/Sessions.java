package dev.masugata.app;

import dev.masugata.ledger.Ledger;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions that are under way in this gate: runs, and the rolling one of each agent with a token.
final class Sessions {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    /// Letters of a session's id behind `s-`; one more for each time that all tried are taken.
    private static final int ID_LETTERS = 4;

    private record Rolling(String agent, String user) {
        static Rolling of(Principal.Agent agent) {
            return new Rolling(agent.name(), agent.user());
        }
    }

    private final Ledger ledger;
    private final SecureRandom random;
    private final Map<String, Session> running = new ConcurrentHashMap<>();
    private final Map<Rolling, Session> rolling = new ConcurrentHashMap<>();

    Sessions(Ledger ledger, SecureRandom random) {
        this.ledger = ledger;
        this.random = random;
    }

    /// Begins a session and puts it on record.
    Session begin(Principal by, Principal.Agent agent, String purpose, Session.Kind kind, Json.Obj more) {
        var session = new Session(newId(), agent, purpose, kind);
        ledger.append(dev.masugata.ledger.Sessions.started(by, session, more));
        running.put(session.id(), session);
        return session;
    }

    /// Stands for Masugata itself, in its own calls.
    Session house(Principal.Operator owner) {
        return new Session("masugata", new Principal.Agent("masugata", owner.name(), java.util.Set.of()), "",
                Session.Kind.TOKEN);
    }

    void end(Session session) {
        running.remove(session.id());
        rolling.values().removeIf(it -> it.id().equals(session.id()));
        ledger.append(dev.masugata.ledger.Sessions.ended(new Principal.House(), session.id()));
    }

    /// The one rolling session of an agent and the user it acts for; the one that they had before a restart goes on,
    /// with its labels. An agent of the same name that acts for somebody else has its own.
    Session rolling(Principal.Agent agent) {
        return rolling.compute(Rolling.of(agent), (_, known) -> {
            if (known != null && known.agent().equals(agent)) return known;
            return known != null
                    ? taken(known.id(), agent, known.purpose())
                    : resumed(agent).orElseGet(() ->
                            begin(new Principal.House(), agent, "", Session.Kind.TOKEN, Json.EMPTY));
        });
    }

    /// The session goes on with the rights that the agent has now.
    private Session taken(String id, Principal.Agent agent, String purpose) {
        var session = new Session(id, agent, purpose, Session.Kind.TOKEN);
        running.put(id, session);
        return session;
    }

    /// The rolling sessions of an agent, for whomever it acts.
    List<Session> rollingOf(String agent) {
        return rolling.values().stream().filter(it -> it.agent().name().equals(agent)).toList();
    }

    /// Begins a new rolling session for an agent; the ones before it have ended.
    Session fresh(Principal by, Principal.Agent agent, String purpose) {
        var session = begin(by, agent, purpose, Session.Kind.TOKEN, Json.EMPTY);
        rolling.put(Rolling.of(agent), session);
        return session;
    }

    private Optional<Session> resumed(Principal.Agent agent) {
        var before = ledger.standing().sessions().all().stream()
                .filter(it -> it.agent().equals(agent.name()) && it.user().equals(agent.user()))
                .filter(it -> it.kind().equals("token") && !it.isEnded())
                .reduce((_, later) -> later);
        return before.map(it -> taken(it.id(), agent, it.purpose()));
    }

    List<Session> running() {
        return List.copyOf(running.values());
    }

    /// True while a sealed run is under way.
    boolean anySealed() {
        return running.values().stream().anyMatch(it -> it.kind() == Session.Kind.SEALED);
    }

    private String newId() {
        for (int letters = ID_LETTERS; ; letters++)
            for (int attempt = 0; attempt < 16; attempt++) {
                var id = new StringBuilder("s-");
                for (int i = 0; i < letters; i++) id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                if (ledger.standing().sessions().of(id.toString()).isEmpty()) return id.toString();
            }
    }
}
