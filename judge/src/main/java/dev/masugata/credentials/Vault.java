package dev.masugata.credentials;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// Secrets in one encrypted file of the home (AES-256-GCM, each entry bound to its name). The key is made of a
/// passphrase (PBKDF2 with HMAC-SHA-256, NIST SP 800-132) where the vault was begun with one; else it lies in a file
/// beside, 0600, and the vault protects against nothing but a copy of itself alone.
public final class Vault {
    /// The environment variable that holds the passphrase, for the gate and for the command line.
    public static final String PASSPHRASE = "MASUGATA_VAULT_PASSPHRASE";
    /// Rounds of PBKDF2 (OWASP's figure for HMAC-SHA-256, 2023).
    static final int ROUNDS = 600_000;
    /// Secrets of one vault.
    static final int ENTRIES_MAX = 1_000;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path file;
    private final Path keyFile;
    private final Optional<String> passphrase;
    private final SecureRandom random;

    /// @param home       where the vault lies
    /// @param passphrase empty: none was given
    public Vault(Path home, Optional<String> passphrase, SecureRandom random) {
        this.file = home.resolve("vault.json");
        this.keyFile = home.resolve("vault.key");
        this.passphrase = passphrase.filter(it -> !it.isEmpty());
        this.random = random;
    }

    /// Names in it.
    public Set<String> names() throws IOException {
        return new TreeSet<>(read().object("entries").members().keySet());
    }

    /// The secret of that name.
    ///
    /// @throws IOException when there is none, or the vault cannot be opened
    public String value(String name) throws IOException {
        var vault = read();
        var sealed = vault.object("entries").string(name);
        if (sealed.isEmpty()) throw new IOException("the vault has no `" + name + "`");
        try {
            var bytes = Base64.getDecoder().decode(sealed.get());
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key(vault), new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_BYTES));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return new String(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException closed) {
            throw new IOException("the vault cannot be opened: another passphrase or key, or it was changed", closed);
        }
    }

    /// Puts a secret in, in place of one of the same name.
    public void put(String name, String secret) throws IOException {
        try (var lock = lock()) {
            var vault = Files.exists(file) ? read() : begun();
            // Who does not know the key of what is there must not write beside it.
            for (var known : names()) {
                value(known);
                break;
            }
            var entries = vault.object("entries");
            if (!entries.members().containsKey(name) && entries.members().size() >= ENTRIES_MAX)
                throw new IOException("the vault holds " + ENTRIES_MAX + " secrets, and takes no more");
            var nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key(vault), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            var sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            var whole = new byte[NONCE_BYTES + sealed.length];
            System.arraycopy(nonce, 0, whole, 0, NONCE_BYTES);
            System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
            write(vault.with("entries", entries.with(name, Base64.getEncoder().encodeToString(whole))));
        } catch (GeneralSecurityException broken) {
            throw new IOException("the vault cannot be written: " + broken.getMessage(), broken);
        }
    }

    /// Takes a secret out.
    ///
    /// @return false if there was none
    public boolean remove(String name) throws IOException {
        try (var lock = lock()) {
            var vault = read();
            var entries = vault.object("entries");
            if (entries.string(name).isEmpty()) return false;
            write(vault.with("entries", entries.without(name)));
            return true;
        }
    }

    private Json.Obj begun() {
        if (passphrase.isEmpty()) return Json.object("entries", Json.EMPTY);
        var salt = new byte[16];
        random.nextBytes(salt);
        return Json.object("salt", Base64.getEncoder().encodeToString(salt))
                .with("rounds", Json.of(ROUNDS))
                .with("entries", Json.EMPTY);
    }

    private SecretKeySpec key(Json.Obj vault) throws IOException, GeneralSecurityException {
        var salt = vault.string("salt");
        if (salt.isEmpty()) return new SecretKeySpec(keyBytes(), "AES");
        if (passphrase.isEmpty()) throw new IOException("the vault needs its passphrase in " + PASSPHRASE);
        int rounds = Math.toIntExact(Math.min(vault.integer("rounds").orElse((long) ROUNDS), 10_000_000L));
        var spec = new PBEKeySpec(
                passphrase.get().toCharArray(), Base64.getDecoder().decode(salt.get()), rounds, 256);
        var made = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        return new SecretKeySpec(made, "AES");
    }

    private byte[] keyBytes() throws IOException {
        if (!Files.exists(keyFile)) {
            if (Files.exists(file)) throw new IOException("the vault's key `" + keyFile + "` is not there");
            var made = new byte[32];
            random.nextBytes(made);
            create(keyFile, made);
        }
        var bytes = Files.readAllBytes(keyFile);
        if (bytes.length != 32) throw new IOException("`" + keyFile + "` is no key");
        return bytes;
    }

    private Json.Obj read() throws IOException {
        if (!Files.exists(file)) return Json.object("entries", Json.EMPTY);
        try {
            if (JsonReader.read(Files.readAllBytes(file), Limits.DEFAULT) instanceof Json.Obj vault) return vault;
        } catch (JsonException broken) {
            throw new IOException("`" + file + "` is no vault: " + broken.getMessage(), broken);
        }
        throw new IOException("`" + file + "` is no vault");
    }

    private void write(Json.Obj vault) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        create(fresh, JsonWriter.bytes(vault));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void create(Path path, byte[] bytes) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(path, mode);
        Files.write(path, bytes);
    }

    /// One writer at a time.
    private FileChannel lock() throws IOException {
        var channel = FileChannel.open(
                file.resolveSibling("vault.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }
}
