package dev.masugata.gates.mcp;

import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What a client carries between the rounds of one request (`requestState`, MCP 2026-07-28, Multi Round-Trip Requests).
///
/// It is sealed (AES-256-GCM, a key of this process) to the session, the agent and its user, the server and the
/// request's digest, expires, and is good once: a state that somebody else shows, or for another request, or again,
/// opens nothing.
final class RequestStates {
    /// States that are out at once, in all and for one session; past it the oldest opens nothing any more.
    static final int OUT_MAX = 10_000;

    static final int SESSION_MAX = 256;
    /// How long one is good.
    static final Duration LIFE = Duration.ofMinutes(10);
    /// Characters of what a server gives to carry.
    static final int SERVERS_CHARS_MAX = 64 * 1024;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /// What a request goes on with.
    sealed interface Rest {
        /// With what its server gave us to carry; empty if it gave nothing.
        record Servers(Optional<String> state) implements Rest {}

        /// With the call that is under way.
        record UnderWay(Work work) implements Rest {}

        /// From the start, once a person has answered or something outside has been done.
        record Again() implements Rest {}
    }

    private record Out(String session, @Nullable Work work, long expires) {}

    private final SecureRandom random;
    private final SecretKeySpec key;
    private final Map<String, Out> out = new LinkedHashMap<>();

    RequestStates(SecureRandom random) {
        this.random = random;
        var bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "AES");
    }

    /// Seals what a request goes on with.
    ///
    /// @param digest of the request without answers and state
    String seal(Session session, String server, String digest, Rest rest) {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        var id = HexFormat.of().formatHex(bytes);
        var sealed = Json.object("id", id)
                .with("session", session.id())
                .with("agent", session.agent().id())
                .with("user", session.agent().user())
                .with("server", server)
                .with("digest", digest)
                .with("expires", System.currentTimeMillis() + LIFE.toMillis())
                .with("rest", rest instanceof Rest.Servers ? "servers" : rest instanceof Rest.UnderWay ? "under-way"
                        : "again");
        if (rest instanceof Rest.Servers(var state) && state.isPresent()) sealed = sealed.with("state", state.get());
        remember(id, session.id(), rest instanceof Rest.UnderWay(var work) ? work : null);
        return encrypted(JsonWriter.bytes(sealed));
    }

    private synchronized void remember(String id, String session, @Nullable Work work) {
        long now = System.nanoTime();
        drop(it -> it.expires() - now < 0, Integer.MAX_VALUE);
        long same = out.values().stream().filter(it -> it.session().equals(session)).count();
        if (same >= SESSION_MAX) drop(it -> it.session().equals(session), 1);
        if (out.size() >= OUT_MAX) drop(_ -> true, 1);
        out.put(id, new Out(session, work, now + LIFE.toNanos()));
    }

    private void drop(java.util.function.Predicate<Out> which, int most) {
        int dropped = 0;
        for (Iterator<Out> all = out.values().iterator(); all.hasNext() && dropped < most; ) {
            var it = all.next();
            if (!which.test(it)) continue;
            if (it.work() != null) it.work().giveUp();
            all.remove();
            dropped++;
        }
    }

    /// Opens a state, once.
    ///
    /// @return empty when it is not one of this session, agent, server and request, has expired or was used
    synchronized Optional<Rest> open(Session session, String server, String digest, String state) {
        var opened = decrypted(state);
        if (opened.isEmpty()) return Optional.empty();
        var it = opened.get();
        boolean same = it.string("session").equals(Optional.of(session.id()))
                && it.string("agent").equals(Optional.of(session.agent().id()))
                && it.string("user").equals(Optional.of(session.agent().user()))
                && it.string("server").equals(Optional.of(server))
                && it.string("digest").equals(Optional.of(digest))
                && it.integer("expires").orElse(0L) > System.currentTimeMillis();
        if (!same) return Optional.empty();
        var known = out.remove(it.string("id").orElse(""));
        if (known == null) return Optional.empty();
        return Optional.of(switch (it.string("rest").orElse("")) {
            case "servers" -> new Rest.Servers(it.string("state"));
            case "under-way" -> known.work() == null ? new Rest.Again() : new Rest.UnderWay(known.work());
            default -> new Rest.Again();
        });
    }

    /// What a session's calls wait for is given up.
    synchronized void end(String session) {
        drop(it -> it.session().equals(session), Integer.MAX_VALUE);
    }

    private String encrypted(byte[] plain) {
        try {
            var nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            var sealed = cipher.doFinal(plain);
            var all = new byte[nonce.length + sealed.length];
            System.arraycopy(nonce, 0, all, 0, nonce.length);
            System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no AES-GCM", missing);
        }
    }

    private Optional<Json.Obj> decrypted(String state) {
        if (state.length() > SERVERS_CHARS_MAX * 2) return Optional.empty();
        try {
            var all = Base64.getUrlDecoder().decode(state);
            if (all.length <= NONCE_BYTES) return Optional.empty();
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, all, 0, NONCE_BYTES));
            var plain = cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return JsonReader.read(plain, Limits.DEFAULT) instanceof Json.Obj it ? Optional.of(it) : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException | JsonException foreign) {
            return Optional.empty();
        }
    }
}
