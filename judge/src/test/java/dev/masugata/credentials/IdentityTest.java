package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final String ISSUER = "https://id.example/realms/a";
    private static final KeyPair RSA = pair("RSA", 2048);
    private static final KeyPair SHORT = pair("RSA", 1024);
    private static final KeyPair EC = pair("EC", 0);
    private static final KeyPair ED = pair("Ed25519", -1);

    private final Map<String, Json> documents = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final Identity identity = new Identity(
            new Identity.Provider(URI.create(ISSUER), "masugata", "coder", "email", "groups"), this::answer, () -> now);

    IdentityTest() {
        documents.put(ISSUER + "/.well-known/openid-configuration",
                Json.object("issuer", ISSUER).with("jwks_uri", "https://id.example/keys"));
        keys(jwk("r", RSA), jwk("s", SHORT), jwk("e", EC), jwk("d", ED));
    }

    private void keys(Json... keys) {
        documents.put("https://id.example/keys", Json.object("keys", new Json.Arr(List.of(keys))));
    }

    private Outward.Reply answer(Outward.Ask ask) throws IOException {
        asked.add(ask.url().toString());
        var document = documents.get(ask.url().toString());
        if (document == null) throw new IOException("unreachable");
        return new Outward.Reply(200, Headers.EMPTY, JsonWriter.bytes(document));
    }

    private static KeyPair pair(String kind, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(kind);
            if (size > 0) generator.initialize(size);
            if (size == 0) generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Json.Obj jwk(String id, KeyPair pair) {
        var jwk = Json.object("kid", id);
        return switch (pair.getPublic()) {
            case RSAPublicKey key -> jwk.with("kty", "RSA").with("n", number(key.getModulus()))
                    .with("e", number(key.getPublicExponent()));
            case ECPublicKey key -> jwk.with("kty", "EC").with("crv", "P-256")
                    .with("x", number(key.getW().getAffineX())).with("y", number(key.getW().getAffineY()));
            case EdECPublicKey key -> {
                // The last 32 bytes of its usual form (RFC 8410) are the point.
                var encoded = key.getEncoded();
                yield jwk.with("kty", "OKP").with("crv", "Ed25519").with("x", text(
                        java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            }
            default -> throw new IllegalArgumentException();
        };
    }

    private static String number(BigInteger number) {
        var bytes = number.toByteArray();
        return text(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Json.Obj claims() {
        return Json.object("iss", ISSUER).with("aud", "masugata").with("exp", Json.of(now.getEpochSecond() + 60))
                .with("email", "alice@example.com").with("groups", Json.strings(List.of("hr", "all")));
    }

    private static String token(String kid, String algorithm, KeyPair pair, Json.Obj claims) {
        return token(Json.object("alg", algorithm).with("kid", kid).with("typ", "JWT"), pair, claims);
    }

    private static String token(Json.Obj header, KeyPair pair, Json.Obj claims) {
        var signed = text(JsonWriter.bytes(header)) + "." + text(JsonWriter.bytes(claims));
        try {
            var signer = Signature.getInstance(switch (pair.getPublic()) {
                case RSAPublicKey _ -> "SHA256withRSA";
                case ECPublicKey _ -> "SHA256withECDSAinP1363Format";
                default -> "Ed25519";
            });
            signer.initSign(pair.getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + text(signer.sign());
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void opensNothing(String token) {
        assertEquals(Optional.empty(), identity.of(token), token);
    }

    private static final Identity.Shown ALICE =
            new Identity.Shown("coder", "alice@example.com", Set.of("hr", "all"));

    @Test
    void itsTokensSayWhoComes() {
        assertEquals(Optional.of(ALICE), identity.of(token("r", "RS256", RSA, claims())));
        assertEquals(Optional.of(ALICE), identity.of(token("e", "ES256", EC, claims())));
        assertEquals(Optional.of(ALICE), identity.of(token("d", "EdDSA", ED, claims())));
        var several = claims().with("aud", Json.strings(List.of("other", "masugata")));
        assertEquals(Optional.of(ALICE), identity.of(token("r", "RS256", RSA, several)));
        var groupless = claims().without("groups");
        assertEquals(Set.of(), identity.of(token("r", "RS256", RSA, groupless)).orElseThrow().groups());
        assertEquals(2, asked.size(), "its keys are fetched once");
    }

    @Test
    void whatIsNotForUsOrNotNowOpensNothing() {
        opensNothing(token("r", "RS256", RSA, claims().with("aud", "another")));
        opensNothing(token("r", "RS256", RSA, claims().without("aud")));
        opensNothing(token("r", "RS256", RSA, claims().with("iss", "https://id.example/realms/b")));
        opensNothing(token("r", "RS256", RSA, claims().without("exp")));
        opensNothing(token("r", "RS256", RSA, claims().with("exp", "never")));
        opensNothing(token("r", "RS256", RSA, claims().with("exp", Json.of(now.getEpochSecond() - 61))));
        opensNothing(token("r", "RS256", RSA, claims().with("nbf", Json.of(now.getEpochSecond() + 62))));
        opensNothing(token("r", "RS256", RSA, claims().without("email")));
        opensNothing(token("r", "RS256", RSA, claims().with("email", "alice\u202e@example.com")));
        // The twins: a clock that is a little off.
        assertTrue(identity.of(token("r", "RS256", RSA, claims().with("exp", Json.of(now.getEpochSecond() - 50))))
                .isPresent());
        assertTrue(identity.of(token("r", "RS256", RSA, claims().with("nbf", Json.of(now.getEpochSecond() + 50))))
                .isPresent());
    }

    /// RFC 8725 sections 2.1 and 3.1: the key decides the algorithm, not the token.
    @Test
    void whatIsSignedOtherwiseOpensNothing() throws Exception {
        var unsigned = text(JsonWriter.bytes(Json.object("alg", "none").with("kid", "r"))) + "."
                + text(JsonWriter.bytes(claims())) + ".";
        opensNothing(unsigned);
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256"));
        var head = text(JsonWriter.bytes(Json.object("alg", "HS256").with("kid", "r"))) + "."
                + text(JsonWriter.bytes(claims()));
        opensNothing(head + "." + text(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII))));
        opensNothing(token("r", "RS256", pair("RSA", 2048), claims()));
        opensNothing(token("r", "ES256", EC, claims()));
        opensNothing(token("e", "RS256", RSA, claims()));
        opensNothing(token("s", "RS256", SHORT, claims()));
        opensNothing(token(Json.object("alg", "RS256").with("kid", "r").with("crit", Json.strings(List.of("b64"))), RSA,
                claims()));
        var good = token("r", "RS256", RSA, claims());
        opensNothing(good.substring(0, good.length() - 6) + "AAAAAA");
        var parts = good.split("\\.");
        opensNothing(parts[0] + "." + text(JsonWriter.bytes(claims().with("email", "bob@example.com"))) + "."
                + parts[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.c", "..", "e30.e30.e30", "msg_abcdefghijklmnopqrstuvwxyz"})
    void whatIsNoTokenOpensNothing(String text) {
        opensNothing(text);
        assertEquals(List.of(), asked, "and nobody is asked for its sake");
    }

    @Test
    void aNewKeyIsFetchedAndNonsenseFetchesNothingAgainAndAgain() {
        assertTrue(identity.of(token("r", "RS256", RSA, claims())).isPresent());
        var next = pair("RSA", 2048);
        keys(jwk("n", next));
        for (int i = 0; i < 10; i++) opensNothing(token("n", "RS256", next, claims()));
        assertEquals(2, asked.size());
        now = now.plusSeconds(31);
        assertTrue(identity.of(token("n", "RS256", next, claims())).isPresent());
        opensNothing(token("r", "RS256", RSA, claims()));
        assertEquals(4, asked.size());
    }

    @Test
    void withoutItsKeysNothingIsOpened() {
        var about = documents.remove(ISSUER + "/.well-known/openid-configuration");
        opensNothing(token("r", "RS256", RSA, claims()));
        documents.put(ISSUER + "/.well-known/openid-configuration",
                Json.object("issuer", "https://other.example").with("jwks_uri", "https://id.example/keys"));
        now = now.plusSeconds(31);
        opensNothing(token("r", "RS256", RSA, claims()));
        documents.put(ISSUER + "/.well-known/openid-configuration",
                Json.object("issuer", ISSUER).with("jwks_uri", "http://127.0.0.1/keys"));
        now = now.plusSeconds(31);
        opensNothing(token("r", "RS256", RSA, claims()));
        assertTrue(asked.stream().noneMatch(it -> it.contains("127.0.0.1")));
        documents.put(ISSUER + "/.well-known/openid-configuration", java.util.Objects.requireNonNull(about));
        now = now.plusSeconds(31);
        assertTrue(identity.of(token("r", "RS256", RSA, claims())).isPresent(), "it comes back by itself");
    }
}
