package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.checkpoint.HouseExit;
import dev.masugata.checkpoint.Slot;
import dev.masugata.credentials.Authorization;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Lending;
import dev.masugata.credentials.Outward;
import dev.masugata.credentials.TokenFiles;
import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The credentials of configuration as they are used: one authorization for each that comes from an authorization
/// server, and each server it is for.
final class Authorizations {
    private record Key(String credential, String server) {}

    private final Map<Key, Authorization> all = new LinkedHashMap<>();

    Authorizations(Config config, HouseExit exit, Home home, InstantSource clock, RandomGenerator random) {
        var files = new TokenFiles(home.directory().resolve("tokens"));
        for (var entry : config.servers().values()) {
            if (entry.url().isEmpty()) continue;
            var url = entry.url().get();
            Outward out = ask -> {
                var it = exit.fetch(URI.create(url), ask.method(), ask.url(), ask.headers(), ask.body(), ask.shown());
                return new Outward.Reply(it.status(), it.headers(), it.body());
            };
            credentials(entry)
                    .filter(Credential.Token.class::isInstance)
                    .map(Credential.Token.class::cast)
                    .forEach(it -> all.computeIfAbsent(
                            new Key(it.name(), url), _ -> new Authorization(it, url, out, files, clock, random)));
        }
    }

    private static Stream<Credential> credentials(ServerEntry entry) {
        return switch (entry.lending()) {
            case Lending.Nothing _ -> Stream.of();
            case Lending.Everybodys(var credential) -> Stream.of(credential);
            case Lending.ByGroup(var credentials) -> credentials.values().stream();
        };
    }

    /// What fills requests to a server with a credential.
    Slot slot(Credential credential, String url) {
        return switch (credential) {
            case Credential.Value value -> value::fill;
            case Credential.Signing _ -> _ -> {
                throw new IOException("it signs requests through the egress gate alone");
            };
            case Credential.Token token -> slot(Objects.requireNonNull(all.get(new Key(token.name(), url))));
        };
    }

    private static Slot slot(Authorization authorization) {
        return new Slot() {
            @Override
            public Headers fill(Headers headers) throws IOException {
                return authorization.fill(headers);
            }

            @Override
            public boolean refused(int status, String challenge, Duration ago) throws IOException {
                return authorization.refused(status, challenge, ago);
            }
        };
    }

    /// Those of a credential, one for each server.
    List<Authorization> of(String credential) {
        return all.values().stream().filter(it -> it.credential().name().equals(credential)).toList();
    }
}
