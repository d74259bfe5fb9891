package dev.masugata.inspect;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A value by a keyed hash: the same value is known again, and nobody without the key can tell or guess it.
///
/// The first 64 bits of HMAC-SHA256 (RFC 2104), in hex.
final class Fingerprint {
    private static final int BYTES = 8;

    /// Never fed itself, only cloned: to find and key one takes longer than to hash a value.
    private final Mac keyed;

    Fingerprint(byte[] key) {
        try {
            keyed = Mac.getInstance("HmacSHA256");
            keyed.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every Java platform has it", impossible);
        }
    }

    /// @param family what sort of value: the same digits as a card and as a phone are two things
    String of(String family, String value) {
        try {
            var mac = (Mac) keyed.clone();
            mac.update(family.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the platform's own can be cloned", impossible);
        }
    }
}
