package dev.masugata.app;

import dev.masugata.wire.Json;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Which of the sessions on record an operator means.
final class KnownSessions {
    private final House house;

    KnownSessions(House house) {
        this.house = house;
    }

    boolean isEnded(String session) {
        return ended(session).isPresent();
    }

    /// For whom a session is.
    String user(String session) {
        return house.ledger.standing().sessions().of(session).map(it -> it.user()).orElse("");
    }

    /// That a session has ended, and when, for the operator; empty if it has not.
    Optional<String> ended(String session) {
        return house.ledger.standing().sessions().of(session).filter(it -> it.isEnded())
                .map(it -> "session `" + session + "` has ended, at " + it.ended().truncatedTo(ChronoUnit.SECONDS));
    }

    /// The session that a prefix means, which has not ended.
    String open(String prefix) throws Refused {
        var id = named(prefix);
        var ended = ended(id);
        if (ended.isPresent()) throw new Refused(1, ended.get());
        return id;
    }

    /// The session that a prefix means: of all on record, or the latest where none is named.
    String named(String prefix) throws Refused {
        var known = house.ledger.standing().sessions().all().stream().map(it -> it.id()).toList();
        if (known.isEmpty()) throw new Refused(1, "there is no session yet");
        if (prefix.isEmpty()) return known.getLast();
        if (known.contains(prefix)) return prefix;
        var matching = known.stream().filter(it -> it.startsWith(prefix) || it.startsWith("s-" + prefix)).toList();
        if (matching.size() == 1) return matching.getFirst();
        throw new Refused(1, matching.isEmpty()
                ? "there is no session `" + prefix + "`"
                : "`" + prefix + "` could be " + String.join(", ", matching));
    }

    /// The request with whom it is about, if it names somebody: an agent by its id, else a session.
    Json.Obj about(Json.Obj request) throws Refused {
        var name = request.string("about").orElse("");
        if (name.isEmpty()) return request;
        boolean agent = house.config.agents().stream().anyMatch(it -> it.id().equals(name))
                || house.ledger.standing().agents().of(name).isPresent()
                || house.ledger.standing().sessions().all().stream().anyMatch(it -> it.agent().equals(name));
        return agent ? request.with("of", name) : request.with("session", named(name));
    }
}
