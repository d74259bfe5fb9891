package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.checkpoint.Slot;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Signer;
import dev.masugata.gates.egress.Openings;
import dev.masugata.ledger.Grants;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.net.Headers;
import dev.masugata.policy.HostRule;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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
        for (var credential : config.credentials().values()) {
            if (credential instanceof Credential.Value value && value.isFor(url.origin())
                    && value.goesWith(method, url.path()))
                return Optional.of(new Lent(
                        value.name(), Set.of(value.header().toLowerCase(Locale.ROOT)), Optional.empty(), value::fill));
            if (credential instanceof Credential.Signing signing && signing.isFor(url.origin())
                    && signing.goesWith(method, url.path()))
                return Optional.of(new Lent(
                        signing.name(), signing.signer().headers(), signing.signer().parameter(), slot(signing)));
        }
        return Optional.empty();
    }

    /// Signs what was judged, just before it leaves.
    private Slot slot(Credential.Signing signing) {
        return new Slot() {
            @Override
            public Headers fill(Headers headers) throws IOException {
                throw new IOException("it signs requests of agents alone");
            }

            @Override
            public Filled fill(Action.HttpRequest request, Headers headers) throws IOException {
                var url = request.url();
                var authority = url.origin().substring(url.origin().indexOf("://") + 3);
                var signed = signing.signer().sign(
                        new Signer.Outgoing(request.method(), authority, url.path(), url.query(), headers,
                                request.body().bytes()),
                        clock.instant());
                return new Filled(signed.headers(), signed.query(), signed.secrets());
            }
        };
    }
}
