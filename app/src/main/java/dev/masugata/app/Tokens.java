package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.Config.Secret;
import dev.masugata.app.config.Users;
import dev.masugata.checkpoint.HouseExit;
import dev.masugata.credentials.Identity;
import dev.masugata.credentials.Outward;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Principal;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which agent a token is of. Only hashes are kept, and every one is compared, each in constant time;
/// a signed token of an identity provider is checked with the provider's keys.
final class Tokens {
    /// Characters of a token; our own have 47.
    static final int CHARS_MAX = 512;
    /// A configured token must not be guessable.
    static final int CHARS_MIN = 20;

    private record Known(Principal.Agent agent, byte[] hash) {}

    private final Ledger ledger;
    private final List<Known> configured;
    private final Users users;
    private final Map<String, Set<String>> agentGroups;
    private final List<Identity> identities;

    private Tokens(Ledger ledger, List<Known> configured, Users users, Map<String, Set<String>> agentGroups,
            List<Identity> identities) {
        this.agentGroups = agentGroups;
        this.identities = identities;
        this.users = users;
        this.ledger = ledger;
        this.configured = configured;
    }

    /// @param exit the way to identity providers
    /// @throws Home.Unusable when a configured token cannot be read or is no token
    static Tokens of(Config config, Ledger ledger, HouseExit exit, InstantSource clock) throws Home.Unusable {
        var groups = new HashMap<String, Set<String>>();
        for (var entry : config.agents()) if (!entry.groups().isEmpty()) groups.put(entry.id(), entry.groups());
        var identities = config.identities().stream().map(it -> new Identity(it, ask -> {
            var reply = exit.fetch(it.issuer(), ask.method(), ask.url(), ask.headers(), ask.body(), ask.shown());
            return new Outward.Reply(reply.status(), reply.headers(), reply.body());
        }, clock)).toList();
        var known = new ArrayList<Known>();
        for (var entry : config.agents()) {
            if (entry.token().isEmpty()) continue;
            var token = read(entry.id(), entry.token().get());
            known.add(new Known(new Principal.Agent(entry.id(), entry.user(), entry.groups()), hash(token)));
        }
        return new Tokens(ledger, List.copyOf(known), config.users(), Map.copyOf(groups), identities);
    }

    private static String read(String agent, Secret secret) throws Home.Unusable {
        var token =
                switch (secret) {
                    case Secret.InFile(Path file) -> fromFile(agent, file);
                    case Secret.InEnvironment(var name) -> Optional.ofNullable(System.getenv(name))
                            .orElseThrow(() -> new Home.Unusable("agent `" + agent + "`: the variable `" + name + "` is not set"));
                };
        if (token.length() < CHARS_MIN || token.length() > CHARS_MAX || !token.chars().allMatch(c -> c > 0x20 && c < 0x7F))
            throw new Home.Unusable("agent `" + agent + "`: its token must be " + CHARS_MIN + " to " + CHARS_MAX + " visible ASCII characters");
        return token;
    }

    private static String fromFile(String agent, Path file) throws Home.Unusable {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new Home.Unusable("agent `" + agent + "`: its token file `" + file + "` cannot be read; make one: masugata agents add " + agent + " --user NAME");
        }
    }

    /// The agent that showed this token, with the rights it has together with its user.
    Optional<Principal.Agent> agent(String token) {
        return shown(token).map(users::bound).or(() -> identified(token));
    }

    /// The agent that acts for whoever has a token of an identity provider: with the groups that both have. A token of
    /// a provider names its own user, so what is said of users here does not count.
    private Optional<Principal.Agent> identified(String token) {
        for (var identity : identities) {
            var shown = identity.of(token);
            if (shown.isEmpty() || revoked(shown.get().agent())) continue;
            var groups = new HashSet<>(shown.get().groups());
            var own = agentGroups.getOrDefault(shown.get().agent(), Set.of());
            if (!own.isEmpty()) groups.retainAll(own);
            return Optional.of(new Principal.Agent(shown.get().agent(), shown.get().user(), groups));
        }
        return Optional.empty();
    }

    /// Who says whose token is one, for clients that ask where to get one.
    List<Identity.Provider> providers() {
        return identities.stream().map(Identity::provider).toList();
    }

    private Optional<Principal.Agent> shown(String token) {
        if (token.isEmpty() || token.length() > CHARS_MAX) return Optional.empty();
        var hash = hash(token);
        Optional<Principal.Agent> found = Optional.empty();
        for (var known : configured) if (MessageDigest.isEqual(known.hash(), hash)) found = Optional.of(known.agent());
        if (found.isPresent()) return found.filter(agent -> !revoked(agent.name()));
        return ledger.standing().agents().withToken(HexFormat.of().formatHex(hash)).map(it ->
                new Principal.Agent(it.id(), it.user(), it.groups()));
    }

    /// The agent of this name, if it may come.
    Optional<Principal.Agent> named(String name) {
        if (revoked(name)) return Optional.empty();
        var entry = configured.stream().map(Known::agent).filter(it -> it.name().equals(name)).findFirst();
        return entry.or(() -> ledger.standing().agents().of(name).map(it ->
                        new Principal.Agent(it.id(), it.user(), it.groups())))
                .map(users::bound);
    }

    private boolean revoked(String agent) {
        return ledger.standing().agents().of(agent).map(it -> it.revoked()).orElse(false);
    }

    /// A new token: 256 random bits, named so that secret scanners know it.
    static String make(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return "msg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hashed(String token) {
        return HexFormat.of().formatHex(hash(token));
    }

    // One round is enough: a token is not a password, it has more entropy than can be searched.
    private static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
