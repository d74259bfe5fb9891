package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.credentials.Credential;
import dev.masugata.gates.egress.Openings;
import dev.masugata.ledger.Grants;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Event;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.policy.HostRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What `masugata allow` opened, from the record, and the credentials of the configuration by the place they are for.
record HostOpenings(Config config, Ledger ledger, InstantSource clock) implements Openings {
    private static final String ALL = "host:";
    private static final String READ = "host-read:";

    /// A session that lives longer asks again.
    static final Duration LASTS = Duration.ofDays(30);

    @Override
    public List<HostRule> granted(Session session) {
        return ledger.standing().grants().all(clock.instant()).stream()
                .filter(it -> it.session().equals(session.id()))
                .flatMap(it -> rule(it.name()).stream())
                .toList();
    }

    /// The credentials alone: for clients that no session's openings are meant for.
    Openings ungranted() {
        var whole = this;
        return new Openings() {
            @Override
            public List<HostRule> granted(Session session) {
                return List.of();
            }

            @Override
            public Optional<Lent> credential(HttpUrl url, String method) {
                return whole.credential(url, method);
            }
        };
    }

    private static Optional<HostRule> rule(String name) {
        if (name.startsWith(ALL)) return HostRule.parse(name.substring(ALL.length()), false);
        if (name.startsWith(READ)) return HostRule.parse(name.substring(READ.length()), true);
        return Optional.empty();
    }

    /// The event that opens a host for a session.
    Event opens(Principal by, String session, HostRule rule) {
        var place = rule.port().isPresent() ? rule.host() + ":" + rule.port().getAsInt() : rule.host();
        return Grants.granted(by, session, (rule.read() ? READ : ALL) + place, clock.instant().plus(LASTS));
    }

    @Override
    public Optional<Lent> credential(HttpUrl url, String method) {
        for (var credential : config.credentials().values())
            if (credential instanceof Credential.Value value && value.isFor(url.origin())
                    && value.goesWith(method, url.path()))
                return Optional.of(new Lent(value.name(), value.header().toLowerCase(Locale.ROOT), value::fill));
        return Optional.empty();
    }
}
