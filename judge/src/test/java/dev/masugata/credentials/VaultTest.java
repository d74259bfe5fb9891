package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    @TempDir
    Path home;

    private Vault vault(String passphrase) {
        return new Vault(home, Optional.of(passphrase), new SecureRandom());
    }

    private void isInNoFile(String secret) throws IOException {
        try (var files = Files.list(home)) {
            for (var file : files.toList()) {
                assertFalse(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(secret), file.toString());
                if (!file.endsWith("vault.lock"))
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void whatIsPutInIsThereAndInNoFile() throws IOException {
        for (var passphrase : new String[] {"", "a long passphrase"}) {
            var vault = vault(passphrase);
            vault.put("up", "secret-one");
            vault.put("other", "secret-two");
            vault.put("up", "secret-three");
            assertEquals("secret-three", vault(passphrase).value("up"));
            assertEquals(Set.of("other", "up"), vault.names());
            isInNoFile("secret-three");
            assertTrue(vault.remove("up"));
            assertFalse(vault.remove("up"));
            assertThrows(IOException.class, () -> vault.value("up"));
            for (var file : new String[] {"vault.json", "vault.key"}) Files.deleteIfExists(home.resolve(file));
        }
    }

    @Test
    void anotherPassphraseOpensNothingAndWritesNothing() throws IOException {
        vault("right").put("up", "secret-one");
        assertThrows(IOException.class, () -> vault("wrong").value("up"));
        assertThrows(IOException.class, () -> vault("").value("up"));
        assertThrows(IOException.class, () -> vault("wrong").put("more", "x"));
        assertEquals(Set.of("up"), vault("right").names());
    }

    @Test
    void anEntryIsOfItsName() throws IOException {
        var vault = vault("");
        vault.put("up", "secret-one");
        vault.put("aa", "secret-two");
        var file = home.resolve("vault.json");
        Files.writeString(file, Files.readString(file).replace("\"up\"", "\"xx\"").replace("\"aa\"", "\"up\""));
        assertThrows(IOException.class, () -> vault.value("up"));
    }
}
