package dev.masugata.app;

import dev.masugata.model.Principal;
import dev.masugata.policy.HostRule;
import dev.masugata.policy.SharedHosts;
import dev.masugata.wire.Json;

/// What operators do with hosts: open one for a session.
final class HostOrders {
    private final House house;
    private final KnownSessions known;

    HostOrders(House house, KnownSessions known) {
        this.house = house;
        this.known = known;
    }

    Json.Obj allow(Principal.Operator operator, Json.Obj request) throws Refused {
        var rule = rule(request.string("host").orElse(""), request.isTrue("read"));
        var session = known.open(request.string("session").orElse(""));
        house.ledger.append(house.openings.opens(operator, session, rule));
        return Json.object("session", session)
                .with("host", rule.host())
                .with("only", rule.read() ? "read" : "")
                .with("shared", Json.of(SharedHosts.shipped().isShared(rule.host())));
    }

    /// A host as `allow` names it. One that strangers share is opened for reading.
    static HostRule rule(String text, boolean read) throws Refused {
        var rule = HostRule.parse(text, read)
                .orElseThrow(() -> new Refused(2, "`" + text + "` is no host: write `docs.example.com`,"
                        + " `*.example.org` or `docs.example.com:8443`"));
        if (rule.host().equals("*"))
            throw new Refused(2, "`*` opens everything: that is a line of the configuration (`egress.preset: all`)");
        boolean strangers = SharedHosts.shipped().isShared(rule.host());
        return strangers && !rule.read() ? HostRule.parse(text, true).orElseThrow() : rule;
    }
}
