package dev.masugata.ledger;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The hashes of RFC 6962 section 2.1 over SHA-256.
///
/// It reuses one digest, so it belongs to one thread at a time.
final class Rfc6962 {
    /// Length of every hash, in bytes.
    static final int BYTES = 32;

    // The two prefixes keep a leaf from passing as a node, and a node as a leaf.
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest sha256 = sha256();

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    byte[] leaf(byte[] entry) {
        sha256.update(LEAF);
        return sha256.digest(entry);
    }

    byte[] node(byte[] left, byte[] right) {
        sha256.update(NODE);
        sha256.update(left);
        return sha256.digest(right);
    }

    /// The root of the tree without leaves.
    byte[] empty() {
        return sha256.digest();
    }

    /// The root over `count` hashes that stand one after the other from the `from`th on; at least one.
    byte[] root(byte[] hashes, int from, int count) {
        if (Integer.bitCount(count) == 1) return fullRoot(hashes, from, count);
        int left = Integer.highestOneBit(count - 1);
        return node(fullRoot(hashes, from, left), root(hashes, from + left, count - left));
    }

    /// As [#root], for a power of two: halves the row again and again, in place.
    private byte[] fullRoot(byte[] hashes, int from, int count) {
        var row = Arrays.copyOfRange(hashes, from * BYTES, (from + count) * BYTES);
        for (int width = count; width > 1; width /= 2) {
            for (int i = 0; i < width / 2; i++) pair(row, i);
        }
        return count == 1 ? row : Arrays.copyOf(row, BYTES);
    }

    private void pair(byte[] row, int i) {
        sha256.update(NODE);
        sha256.update(row, 2 * i * BYTES, 2 * BYTES);
        try {
            sha256.digest(row, i * BYTES, BYTES);
        } catch (DigestException impossible) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", impossible);
        }
    }
}
