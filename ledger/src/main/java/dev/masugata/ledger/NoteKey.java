package dev.masugata.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The Ed25519 key that signs checkpoints. Its written forms are those of the C2SP tools: `PRIVATE+KEY+name+id+key`
/// and, for whoever checks, `name+id+key`.
final class NoteKey {
    private static final String PRIVATE = "PRIVATE+KEY+";
    private static final byte ED25519 = 1;
    /// What DER (RFC 8410) puts before the 32 bytes of a private and of a public key.
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Verifier verifier;
    private final PrivateKey key;
    private final byte[] seed;

    private NoteKey(Verifier verifier, byte[] seed) {
        this.verifier = verifier;
        this.seed = seed;
        try {
            key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(join(PKCS8, seed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /// A fresh key named `prefix` and eight hex digits.
    static NoteKey generate(String prefix, SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, random);
            var pair = generator.generateKeyPair();
            var id = new byte[4];
            random.nextBytes(id);
            var raw = tail(pair.getPublic().getEncoded());
            return new NoteKey(
                    new Verifier(prefix + HexFormat.of().formatHex(id), raw), tail(pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has Ed25519", impossible);
        }
    }

    /// @param lines as [#lines] gives them
    static NoteKey parse(List<String> lines) {
        if (lines.size() != 2 || !lines.getFirst().startsWith(PRIVATE))
            throw new IllegalArgumentException("not a signing key: two lines are expected, private and public");
        var verifier = Verifier.parse(lines.get(1));
        var parts = lines.getFirst().split("\\+", 5); // base64 may hold a `+` too
        var packed = Base64.getDecoder().decode(parts.length == 5 ? parts[4] : "");
        if (packed.length != 33 || packed[0] != ED25519) throw new IllegalArgumentException("not an Ed25519 key");
        var key = new NoteKey(verifier, Arrays.copyOfRange(packed, 1, 33));
        if (!verifier.accepts(key.sign("probe\n")))
            throw new IllegalArgumentException("the private and the public key do not belong together");
        return key;
    }

    /// The private and the public written form.
    List<String> lines() {
        var packed = Base64.getEncoder().encodeToString(join(new byte[] {ED25519}, seed));
        return List.of(PRIVATE + verifier.name() + "+" + verifier.hexId() + "+" + packed, verifier.toString());
    }

    Verifier verifier() {
        return verifier;
    }

    Note sign(String text) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return new Note(text, List.of(new Note.Signature(verifier.name(), verifier.id(), signature.sign())));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("an Ed25519 key signs", impossible);
        }
    }

    /// Knows one public key by name.
    record Verifier(String name, byte[] raw) {
        Verifier {
            if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(Character::isWhitespace))
                throw new IllegalArgumentException("a key's name is empty, or has a `+` or a space");
            if (raw.length != 32) throw new IllegalArgumentException("an Ed25519 public key has 32 bytes");
        }

        /// @param line `name+id+key`
        static Verifier parse(String line) {
            var parts = line.strip().split("\\+", 3);
            if (parts.length != 3) throw new IllegalArgumentException("not a public key: `name+id+key` is expected");
            var packed = Base64.getDecoder().decode(parts[2]);
            if (packed.length != 33 || packed[0] != ED25519) throw new IllegalArgumentException("not an Ed25519 key");
            var verifier = new Verifier(parts[0], Arrays.copyOfRange(packed, 1, 33));
            if (!verifier.hexId().equals(parts[1])) throw new IllegalArgumentException("the key's id does not fit it");
            return verifier;
        }

        int id() {
            var sha256 = Rfc6962.sha256();
            sha256.update(name.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) '\n');
            sha256.update(ED25519);
            return ByteBuffer.wrap(sha256.digest(raw)).getInt();
        }

        String hexId() {
            return HexFormat.of().toHexDigits(id());
        }

        /// True if this key signed the note, and rightly.
        boolean accepts(Note note) {
            return note.signatures().stream()
                    .anyMatch(it -> it.key().equals(name) && it.id() == id() && valid(note.text(), it.bytes()));
        }

        private boolean valid(String text, byte[] bytes) {
            try {
                var signature = Signature.getInstance("Ed25519");
                signature.initVerify(publicKey());
                signature.update(text.getBytes(StandardCharsets.UTF_8));
                return signature.verify(bytes);
            } catch (GeneralSecurityException malformed) {
                // A signature or a point that is none does not prove anything.
                return false;
            }
        }

        private PublicKey publicKey() throws GeneralSecurityException {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(join(X509, raw)));
        }

        @Override
        public String toString() {
            return name + "+" + hexId() + "+" + Base64.getEncoder().encodeToString(join(new byte[] {ED25519}, raw));
        }
    }

    private static byte[] tail(byte[] der) {
        return Arrays.copyOfRange(der, der.length - 32, der.length);
    }

    private static byte[] join(byte[] a, byte[] b) {
        var joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }
}
