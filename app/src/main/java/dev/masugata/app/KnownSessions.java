package dev.masugata.app;

import dev.masugata.wire.Json;

/// Which of the sessions on record an operator means.
final class KnownSessions {
    private final House house;

    KnownSessions(House house) {
        this.house = house;
    }

    boolean isEnded(String session) {
        return house.ledger.standing().sessions().of(session).filter(it -> it.isEnded()).isPresent();
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
