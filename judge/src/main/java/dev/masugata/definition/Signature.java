package dev.masugata.definition;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// That whoever holds one of the operator's keys signed the definition, as it is.
///
/// The member `_meta["dev.masugata/signature"]` is a JWS with detached content in compact form (RFC 7515, section 7.1
/// and appendix F): `HEADER..SIGNATURE`. The content is the canonical form (RFC 8785) of the definition without that
/// member, and without `_meta` if nothing else is in it. `alg` is `EdDSA` with Ed25519 (RFC 8037) or `ES256` with P-256
/// (RFC 7518); a header with `crit` or `b64` is refused, and no key or address that a header names is looked at.
public final class Signature implements Check {
    /// The member of `_meta` that carries it.
    public static final String MEMBER = "dev.masugata/signature";

    static final int SIGNATURE_CHARS_MAX = 4_096;
    private static final int P256_BITS = 256;

    private final List<PublicKey> keys;

    /// @param keys at least one; each of a kind that [#isUsable] knows
    public Signature(List<PublicKey> keys) {
        if (keys.isEmpty() || !keys.stream().allMatch(Signature::isUsable))
            throw new IllegalArgumentException("a signature is checked with Ed25519 or P-256 keys");
        this.keys = List.copyOf(keys);
    }

    public static boolean isUsable(PublicKey key) {
        return algorithm(key).isPresent();
    }

    private static Optional<String> algorithm(PublicKey key) {
        return switch (key) {
            case EdECPublicKey it when it.getParams().getName().equals("Ed25519") -> Optional.of("EdDSA");
            case ECPublicKey it when isP256(it) -> Optional.of("ES256");
            default -> Optional.empty();
        };
    }

    /// The curve by its order, for parameters need not carry a name.
    private static boolean isP256(ECPublicKey key) {
        var order = key.getParams().getOrder();
        return order.bitLength() == P256_BITS
                && order.toString(16).equals("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    }

    @Override
    public List<Finding> check(Definition definition) {
        var place = "/_meta/dev.masugata~1signature";
        var given = definition.members().object("_meta").string(MEMBER);
        if (given.isEmpty()) return List.of(new Finding("signature/none", Severity.HIGH, ""));
        return isSigned(given.get(), definition.members())
                ? List.of()
                : List.of(new Finding("signature/wrong", Severity.HIGH, place));
    }

    private boolean isSigned(String jws, Json.Obj definition) {
        var parts = jws.split("\\.", -1);
        if (jws.length() > SIGNATURE_CHARS_MAX || parts.length != 3 || !parts[1].isEmpty()) return false;
        try {
            var algorithm = algorithm(Base64.getUrlDecoder().decode(parts[0]));
            var signature = Base64.getUrlDecoder().decode(parts[2]);
            // A padded or otherwise written form would be another text with the same meaning.
            boolean exact = encoded(signature).equals(parts[2]);
            if (algorithm.isEmpty() || !exact) return false;
            var signed = (parts[0] + "." + encoded(JsonWriter.canonical(content(definition))))
                    .getBytes(StandardCharsets.US_ASCII);
            return keys.stream()
                    .filter(key -> algorithm.equals(algorithm(key)))
                    .anyMatch(key -> verifies(key, signed, signature));
        } catch (IllegalArgumentException | JsonException unreadable) {
            return false;
        }
    }

    private static Optional<String> algorithm(byte[] header) throws JsonException {
        if (!(JsonReader.read(header, Limits.DEFAULT) instanceof Json.Obj it)) return Optional.empty();
        if (it.at("crit").isPresent() || it.at("b64").isPresent()) return Optional.empty();
        return it.string("alg");
    }

    /// What was signed of a definition.
    static Json.Obj content(Json.Obj definition) {
        var meta = definition.object("_meta").without(MEMBER);
        return meta.members().isEmpty() ? definition.without("_meta") : definition.with("_meta", meta);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
        try {
            var verifier = java.security.Signature.getInstance(
                    key instanceof EdECPublicKey ? "Ed25519" : "SHA256withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (java.security.SignatureException misshapen) {
            // Bytes that are no signature at all.
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java knows neither Ed25519 nor P-256", impossible);
        }
    }
}
