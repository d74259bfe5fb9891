package dev.masugata.app;

import dev.masugata.credentials.Lending;
import dev.masugata.gates.mcp.Upstreams;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.sandbox.Visible;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Asks servers for their tools.
final class Discovery {
    private final House house;

    Discovery(House house) {
        this.house = house;
    }

    /// What asking a server for its tools brought.
    ///
    /// @param failed why it could not be asked; empty if it could
    /// @param tools  what it said it has just now: the digest of each definition, by tool
    /// @param steers what inspection saw in these definitions that tries to steer an agent, and where
    record Discovered(Optional<String> failed, Map<String, String> tools, List<String> steers) {}

    /// Asks a server for its tools, in a session of the operator's own; what it says is on record then. One that has a
    /// credential for each of several groups is asked with every one of them.
    Discovered ask(Principal.Operator operator, String server) {
        var entry = Objects.requireNonNull(house.config.servers().get(server));
        try {
            // Before anybody waits for its answer.
            house.packages.of(entry);
        } catch (IOException failed) {
            return new Discovered(Optional.of(String.valueOf(failed.getMessage())), Map.of(), List.of());
        }
        var tools = new LinkedHashMap<String, String>();
        var steers = new LinkedHashSet<String>();
        for (var groups : asWhom(entry.lending())) {
            var one = ask(operator, server, groups);
            if (one.failed().isPresent()) return one;
            tools.putAll(one.tools());
            steers.addAll(one.steers());
        }
        return new Discovered(Optional.empty(), tools, List.copyOf(steers));
    }

    private static List<Set<String>> asWhom(Lending lending) {
        return switch (lending) {
            case Lending.Nothing _, Lending.Everybodys _ -> List.of(Set.of());
            case Lending.ByGroup(var credentials) -> credentials.keySet().stream().sorted().map(Set::of).toList();
        };
    }

    private Discovered ask(Principal.Operator operator, String server, Set<String> groups) {
        var agent = new Principal.Agent("masugata-discovery", operator.name(), groups);
        var session = house.sessions.begin(operator, agent, "asks a server for its tools", Session.Kind.TOKEN,
                Json.EMPTY);
        try {
            var tools = new LinkedHashMap<String, String>();
            var firstUse = ConfiguredServers.firstUse(Objects.requireNonNull(house.config.servers().get(server)));
            for (var tool : house.upstreams.discover(session, server)) {
                house.pins.meet(session, tool.server() + "/" + tool.name(), tool.hash(), tool.whole(), firstUse);
                house.pins.lookAgain(session, tool.server(), tool.name(), tool.hash(), tool.whole());
                tools.put(tool.server() + "/" + tool.name(), tool.hash());
            }
            return new Discovered(Optional.empty(), tools, steers(session.id()));
        } catch (Upstreams.Undiscovered undiscovered) {
            var last = house.lastErrors
                    .take(session.id(), server)
                    .map(line -> "; it last wrote: " + Visible.text(line));
            return new Discovered(Optional.of(undiscovered.getMessage() + last.orElse("")), Map.of(), List.of());
        } finally {
            house.upstreams.close(session.id());
            house.seals.stop(session.id());
            house.sessions.end(session);
        }
    }

    private List<String> steers(String session) {
        // Found events go on record without waiting; one that is waited for comes behind them.
        house.ledger.append(dev.masugata.ledger.Sessions.raised(house.owner, session, "untrusted", Json.EMPTY));
        return house.ledger.reader().entries(Query.ALL.withSession(session).withType("found")).stream()
                .map(it -> ((Event.Found) it.event()).finding())
                .filter(it -> it.severity().compareTo(Severity.HIGH) >= 0)
                // Anything else that a server says of itself is shown to nobody.
                .filter(it -> it.place().matches("/(tools|prompts|resourceTemplates|instructions).*"))
                .map(it -> it.rule() + " at " + it.place())
                .distinct()
                .toList();
    }
}
