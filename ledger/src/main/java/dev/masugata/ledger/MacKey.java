package dev.masugata.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key that lies outside the database: who can write the database but not read this key can forge nothing that
/// carries a tag.
final class MacKey {
    /// Length of the key and of a tag, in bytes.
    static final int BYTES = 32;

    private final byte[] key;

    MacKey(byte[] key) {
        if (key.length != BYTES) throw new IllegalArgumentException("the key has " + BYTES + " bytes");
        this.key = key.clone();
    }

    byte[] bytes() {
        return key.clone();
    }

    Tagger tagger() {
        return new Tagger(hmac(key));
    }

    /// HMAC-SHA-256 (RFC 2104).
    static Mac hmac(byte[] key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
        }
    }

    /// Makes and checks tags. It reuses one [Mac], so it belongs to one thread at a time.
    static final class Tagger {
        private static final byte[] EVENT = "masugata event\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] SNAPSHOT = "masugata snapshot\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] SEAL = "masugata seal\n".getBytes(StandardCharsets.US_ASCII);

        private static final byte[] CHARGE = "masugata charge\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] CURSOR = "masugata cursor\n".getBytes(StandardCharsets.US_ASCII);

        private final Mac mac;

        private Tagger(Mac mac) {
            this.mac = mac;
        }

        /// The tag of an entry that must not be forged; its bytes hold its sequence number.
        byte[] event(byte[] body) {
            mac.update(EVENT);
            return mac.doFinal(body);
        }

        boolean isEvent(byte[] body, byte[] tag) {
            return MessageDigest.isEqual(event(body), tag);
        }

        /// The tag of one row of a snapshot.
        byte[] snapshot(String fold, String key, long seq, byte[] state) {
            mac.update(SNAPSHOT);
            part(fold.getBytes(StandardCharsets.UTF_8));
            part(key.getBytes(StandardCharsets.UTF_8));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(seq).flip());
            return mac.doFinal(state);
        }

        /// The tag that closes a snapshot: `rows` is the sum of its rows' tags.
        byte[] seal(long applied, String folds, byte[] rows) {
            mac.update(SEAL);
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(applied).flip());
            part(folds.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(rows);
        }

        /// The tag of what one account was granted.
        byte[] charge(String account, long events, long bytes) {
            mac.update(CHARGE);
            part(account.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(ByteBuffer.allocate(2 * Long.BYTES).putLong(events).putLong(bytes).array());
        }

        /// The tag of how far a follower has come.
        byte[] cursor(String follower, long seq) {
            mac.update(CURSOR);
            part(follower.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(seq).array());
        }

        private void part(byte[] bytes) {
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            mac.update(bytes);
        }
    }
}
