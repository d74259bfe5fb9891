package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.Config.Secret;
import dev.masugata.app.config.Users;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Principal;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Which agent a token is of. Only hashes are kept, and every one is compared, each in constant time.
final class Tokens {
    /// Characters of a token; our own have 47.
    static final int CHARS_MAX = 512;
    /// A configured token must not be guessable.
    static final int CHARS_MIN = 20;

    private record Known(Principal.Agent agent, byte[] hash) {}

    private final Ledger ledger;
    private final List<Known> configured;
    private final Users users;

    private Tokens(Ledger ledger, List<Known> configured, Users users) {
        this.users = users;
        this.ledger = ledger;
        this.configured = configured;
    }

    /// @throws Home.Unusable when a configured token cannot be read or is no token
    static Tokens of(Config config, Ledger ledger) throws Home.Unusable {
        var known = new ArrayList<Known>();
        for (var entry : config.agents()) {
            if (entry.token().isEmpty()) continue;
            var token = read(entry.id(), entry.token().get());
            known.add(new Known(new Principal.Agent(entry.id(), entry.user(), entry.groups()), hash(token)));
        }
        return new Tokens(ledger, List.copyOf(known), config.users());
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
        return shown(token).map(users::bound);
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
