package dev.masugata.credentials;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tokens of one identity provider: signed JWTs (RFC 7519, RFC 8725) of OpenID Connect or OAuth 2.0 (RFC 9068).
/// Its keys are what its own metadata names (OpenID Connect Discovery 1.0); nothing that a token names is fetched.
public final class Identity {
    /// Characters of a token.
    public static final int CHARS_MAX = 16 * 1024;
    /// Groups of one user.
    public static final int GROUPS_MAX = 500;
    /// Characters of a user's or a group's name.
    public static final int NAME_CHARS_MAX = 256;

    /// How far the provider's clock may be off.
    static final Duration SKEW = Duration.ofSeconds(60);
    /// How long keys count; a key that is not known yet makes them be fetched earlier, not more often than that.
    static final Duration KEYS_LAST = Duration.ofHours(1);

    static final Duration KEYS_PAUSE = Duration.ofSeconds(30);

    static final int KEYS_MAX = 100;
    private static final int RSA_BITS_MIN = 2_048;

    private static final System.Logger LOG = System.getLogger("masugata.identity");

    private final Provider provider;
    private final Outward out;
    private final InstantSource clock;
    private Map<String, Key> keys = Map.of();
    private Instant fetched = Instant.MIN;

    /// @param issuer   as its tokens name it
    /// @param audience for whom a token must be
    /// @param agent    the agent that acts for whoever shows one
    /// @param user     the claim that names the user
    /// @param groups   the claim that lists the user's groups
    public record Provider(URI issuer, String audience, String agent, String user, String groups) {}

    /// Who showed a token.
    public record Shown(String agent, String user, Set<String> groups) {}

    private record Key(String algorithm, PublicKey key) {}

    /// @param out the way to the provider
    public Identity(Provider provider, Outward out, InstantSource clock) {
        this.provider = provider;
        this.out = out;
        this.clock = clock;
    }

    public Provider provider() {
        return provider;
    }

    /// Who showed this token; empty where it is none of this provider's, not for this audience, or not valid now.
    public Optional<Shown> of(String token) {
        var parts = token.split("\\.", -1);
        if (token.length() > CHARS_MAX || parts.length != 3) return Optional.empty();
        try {
            var header = object(parts[0]);
            var claims = object(parts[1]);
            var signature = Base64.getUrlDecoder().decode(parts[2]);
            if (header.isEmpty() || claims.isEmpty() || !isFor(claims.get())) return Optional.empty();
            var algorithm = header.get().string("alg").orElse("");
            if (header.get().at("crit").isPresent() || !Algorithms.KNOWN.containsKey(algorithm))
                return Optional.empty();
            var key = key(header.get().string("kid").orElse(""), algorithm);
            var signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (key.isEmpty() || !Algorithms.verifies(algorithm, key.get(), signed, signature)) return Optional.empty();
            return shown(claims.get());
        } catch (IllegalArgumentException | JsonException unreadable) {
            return Optional.empty();
        } catch (IOException unreachable) {
            LOG.log(Level.WARNING, "the keys of " + provider.issuer() + " cannot be had, so its tokens open nothing: "
                    + unreachable.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Json.Obj> object(String part) throws JsonException {
        return JsonReader.read(Base64.getUrlDecoder().decode(part), Limits.DEFAULT) instanceof Json.Obj it
                ? Optional.of(it)
                : Optional.empty();
    }

    private boolean isFor(Json.Obj claims) {
        if (!claims.string("iss").equals(Optional.of(provider.issuer().toString()))) return false;
        var audience = Json.of(provider.audience());
        boolean meant = claims.at("aud").map(it -> it.equals(audience)
                || it instanceof Json.Arr(var several, _) && several.contains(audience)).orElse(false);
        var now = clock.instant();
        var ends = claims.at("exp").flatMap(Identity::seconds);
        var begins = claims.at("nbf").map(it -> seconds(it).orElse(Long.MAX_VALUE)).orElse(0L);
        return meant && ends.isPresent() && now.minus(SKEW).getEpochSecond() < ends.get()
                && now.plus(SKEW).getEpochSecond() >= begins;
    }

    /// NumericDate (RFC 7519 section 2), also with a fraction.
    private static Optional<Long> seconds(Json value) {
        if (!(value instanceof Json.Num number)) return Optional.empty();
        return number.asLong().or(() -> {
            var text = number.literal();
            return text.matches("[0-9]{1,15}\\.[0-9]+")
                    ? Optional.of(Long.parseLong(text.substring(0, text.indexOf('.'))))
                    : Optional.empty();
        });
    }

    private Optional<Shown> shown(Json.Obj claims) {
        var user = claims.string(provider.user()).filter(Identity::isName);
        if (user.isEmpty()) return Optional.empty();
        var groups = new LinkedHashSet<String>();
        for (var item : claims.items(provider.groups()))
            if (item instanceof Json.Str(var text, _) && isName(text) && groups.size() < GROUPS_MAX) groups.add(text);
        return Optional.of(new Shown(provider.agent(), user.get(), Set.copyOf(groups)));
    }

    private static boolean isName(String text) {
        return !text.isBlank() && text.length() <= NAME_CHARS_MAX
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }

    // --- keys -------------------------------------------------------------------------------------------------------

    private synchronized Optional<PublicKey> key(String id, String algorithm) throws IOException {
        var now = clock.instant();
        boolean old = fetched.plus(KEYS_LAST).isBefore(now);
        boolean strange = !keys.containsKey(id) && fetched.plus(KEYS_PAUSE).isBefore(now);
        if (fetched.equals(Instant.MIN) || old || strange) {
            // Whoever shows nonsense makes nobody fetch keys again and again.
            fetched = now;
            keys = fetched();
        }
        return Optional.ofNullable(keys.get(id)).filter(it -> it.algorithm().equals(algorithm)).map(Key::key);
    }

    private Map<String, Key> fetched() throws IOException {
        var base = provider.issuer().toString();
        var about = fetch(URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + "/.well-known/openid-configuration"));
        if (!about.string("issuer").equals(Optional.of(base)))
            throw new IOException("its metadata names another issuer");
        var place = Reachable.from(base).checked(about.string("jwks_uri").orElse(""), "`jwks_uri`");
        var found = new HashMap<String, Key>();
        for (var item : fetch(place).items("keys")) {
            if (found.size() >= KEYS_MAX || !(item instanceof Json.Obj jwk)) break;
            if (jwk.string("use").filter(it -> !it.equals("sig")).isPresent()) continue;
            Algorithms.key(jwk).ifPresent(it ->
                    found.put(jwk.string("kid").orElse(""), new Key(Algorithms.of(jwk), it)));
        }
        if (found.isEmpty()) throw new IOException("it has no key that can be used");
        return Map.copyOf(found);
    }

    private Json.Obj fetch(URI url) throws IOException {
        var reply = out.call(Outward.Ask.get(url));
        if (reply.status() != 200) throw new IOException(url.getPath() + " answers " + reply.status());
        try {
            if (JsonReader.read(reply.body(), Limits.DEFAULT) instanceof Json.Obj it) return it;
        } catch (JsonException unreadable) {
            throw new IOException(url.getPath() + " is no JSON", unreadable);
        }
        throw new IOException(url.getPath() + " is no object");
    }

    /// RFC 7518: RS256 and ES256; RFC 8037: EdDSA with Ed25519. Never `none`, and no shared secret.
    private static final class Algorithms {
        static final Map<String, String> KNOWN = Map.of(
                "RS256", "SHA256withRSA", "ES256", "SHA256withECDSAinP1363Format", "EdDSA", "Ed25519");

        private Algorithms() {}

        /// What a key is for: one algorithm each, whatever a token says.
        static String of(Json.Obj jwk) {
            return switch (jwk.string("kty").orElse("")) {
                case "RSA" -> jwk.string("alg").orElse("RS256");
                case "EC" -> "ES256";
                default -> "EdDSA";
            };
        }

        static Optional<PublicKey> key(Json.Obj jwk) {
            try {
                return switch (jwk.string("kty").orElse("")) {
                    case "RSA" -> rsa(number(jwk, "n"), number(jwk, "e"));
                    case "EC" -> jwk.string("crv").equals(Optional.of("P-256"))
                            ? Optional.of(ec(number(jwk, "x"), number(jwk, "y")))
                            : Optional.empty();
                    case "OKP" -> jwk.string("crv").equals(Optional.of("Ed25519"))
                            ? Optional.of(ed(bytes(jwk, "x")))
                            : Optional.empty();
                    default -> Optional.empty();
                };
            } catch (GeneralSecurityException | IllegalArgumentException unusable) {
                LOG.log(Level.DEBUG, "a key cannot be used", unusable);
                return Optional.empty();
            }
        }

        private static Optional<PublicKey> rsa(BigInteger modulus, BigInteger exponent)
                throws GeneralSecurityException {
            if (modulus.bitLength() < RSA_BITS_MIN) return Optional.empty();
            return Optional.of(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)));
        }

        private static PublicKey ec(BigInteger x, BigInteger y) throws GeneralSecurityException {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            var curve = parameters.getParameterSpec(ECParameterSpec.class);
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
        }

        /// RFC 8032 section 5.1.2: little end first, its highest bit is the sign of x.
        private static PublicKey ed(byte[] point) throws GeneralSecurityException {
            if (point.length != 32) throw new IllegalArgumentException("a point of Ed25519 has 32 bytes");
            var turned = new byte[32];
            for (int i = 0; i < 32; i++) turned[i] = point[31 - i];
            boolean odd = (turned[0] & 0x80) != 0;
            turned[0] &= 0x7F;
            return KeyFactory.getInstance("Ed25519").generatePublic(
                    new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, turned))));
        }

        private static BigInteger number(Json.Obj jwk, String member) {
            return new BigInteger(1, bytes(jwk, member));
        }

        private static byte[] bytes(Json.Obj jwk, String member) {
            return Base64.getUrlDecoder().decode(jwk.string(member)
                    .orElseThrow(() -> new IllegalArgumentException("a key without `" + member + "`")));
        }

        static boolean verifies(String algorithm, PublicKey key, byte[] signed, byte[] signature) {
            try {
                var verifier = Signature.getInstance(KNOWN.get(algorithm));
                verifier.initVerify(key);
                verifier.update(signed);
                return verifier.verify(signature);
            } catch (GeneralSecurityException misshapen) {
                // Bytes that are no signature at all, or one of another kind of key.
                return false;
            }
        }
    }
}
