package dev.masugata.app;

import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.util.Set;

/// What operators do with agents: add and revoke them, end what is theirs.
final class AgentOrders {
    private final House house;

    AgentOrders(House house) {
        this.house = house;
    }

    Json.Obj add(Principal.Operator operator, Json.Obj request) throws Refused {
        var groups = new java.util.TreeSet<String>();
        for (var group : request.items("groups")) if (group instanceof Json.Str(var text, _)) groups.add(text);
        try {
            if (request.string("id").orElse("").startsWith("masugata"))
                throw new Refused(2, "names that begin with `masugata` are our own");
            var agent = new Principal.Agent(request.string("id").orElse(""), request.string("user")
                    .orElse(operator.name()), groups);
            boolean configured = house.config.agents().stream()
                    .anyMatch(it -> it.id().equals(agent.name()) && it.token().isPresent());
            var standing = house.ledger.standing().agents().of(agent.name());
            if (configured && standing.filter(it -> it.revoked()).isPresent()) {
                house.ledger.append(dev.masugata.ledger.Agents.added(operator, agent, ""));
                return Json.object("id", agent.name()).with("user", agent.user())
                        .with("token", "the one that the configuration names");
            }
            if (configured) throw new Refused(1, "agent `" + agent.name() + "` has its token from configuration");
            var known = house.ledger.standing().agents().of(agent.name());
            if (known.isPresent() && !known.get().revoked())
                throw new Refused(
                        1,
                        "agent `" + agent.name() + "` is there already, for " + known.get().user()
                                + "; revoke it first");
            var token = Tokens.make(house.random);
            house.ledger.append(dev.masugata.ledger.Agents.added(operator, agent, Tokens.hashed(token)));
            return Json.object("id", agent.name()).with("user", agent.user()).with("token", token);
        } catch (IllegalArgumentException wrong) {
            throw new Refused(2, String.valueOf(wrong.getMessage()));
        }
    }

    Json.Obj revoke(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = request.string("id").orElse("");
        boolean configured = house.config.agents().stream().anyMatch(it -> it.id().equals(id));
        if (!configured && house.ledger.standing().agents().of(id).isEmpty())
            throw new Refused(1, "there is no agent `" + id + "`");
        if (house.ledger.standing().agents().of(id).isEmpty())
            house.ledger.append(dev.masugata.ledger.Agents.added(operator,
                    new Principal.Agent(id, operator.name(), Set.of()), ""));
        house.ledger.append(dev.masugata.ledger.Agents.revoked(operator, id));
        for (var session : house.sessions.running()) {
            if (!session.agent().name().equals(id)) continue;
            house.stop(session.id(), operator);
            // An agent that is added again is another one: it begins a session of its own.
            if (session.kind() == Session.Kind.TOKEN) house.sessions.end(session);
        }
        return Json.object("revoked", id);
    }

    /// Ends the rolling session of an agent with a token, with its labels, and begins another. Of an agent that acts
    /// for users of an identity provider all are ended; each user's next call begins one.
    Json.Obj fresh(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = request.string("id").orElse("");
        var agent = house.tokens.named(id);
        boolean identified = house.tokens.providers().stream().anyMatch(it -> it.agent().equals(id));
        if (agent.isEmpty() && !identified)
            throw new Refused(1, "there is no agent `" + id + "` with a token: masugata agents");
        var before = house.sessions.rollingOf(id);
        for (var old : before) {
            house.stop(old.id(), operator);
            house.sessions.end(old);
            house.provenance.end(old.id());
        }
        var answer = Json.object("id", id).with("ended", before.size());
        if (agent.isEmpty()) return answer;
        var fresh = house.sessions.fresh(operator, agent.get(), request.string("purpose").orElse(""));
        return answer.with("session", fresh.id());
    }

    /// An agent of the operator's own, by a name that is not ours.
    static Principal.Agent own(String name, Principal.Operator operator) throws Refused {
        if (name.startsWith("masugata")) throw new Refused(2, "names that begin with `masugata` are our own");
        try {
            return new Principal.Agent(name, operator.name(), Set.of());
        } catch (IllegalArgumentException wrong) {
            throw new Refused(2, String.valueOf(wrong.getMessage()));
        }
    }
}
