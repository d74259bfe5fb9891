package dev.masugata.app.config;

import dev.masugata.credentials.Source;
import dev.masugata.credentials.Vault;
import dev.masugata.sandbox.InsecureCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sources of credentials that are asked: `exec:COMMAND ARGUMENT...`, `keyring:NAME`, `vault:NAME`.
///
/// @param home whose vault is meant; empty where configuration is only looked at
record Told(Optional<Path> home) {
    /// What a command told is asked for again after so long: a request does not wait for a process each time.
    static final Duration KEPT = Duration.ofMinutes(1);

    Optional<Source> source(String text) {
        if (text.startsWith("exec:") && !text.substring(5).isBlank())
            return Optional.of(command(text, List.of(text.substring(5).strip().split("\\s+"))));
        if (text.startsWith("keyring:") && isName(text.substring(8)))
            return Optional.of(command(
                    text, List.of("secret-tool", "lookup", "service", "masugata", "name", text.substring(8))));
        if (text.startsWith("vault:") && isName(text.substring(6)))
            return Optional.of(new Source.Told(text, () -> vault().value(text.substring(6))));
        return Optional.empty();
    }

    private static boolean isName(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    }

    private Vault vault() throws IOException {
        var directory = home.orElseThrow(() -> new IOException("there is no vault here"));
        return new Vault(directory, Optional.ofNullable(System.getenv(Vault.PASSPHRASE)), new SecureRandom());
    }

    private static Source command(String text, List<String> command) {
        return new Source.Told(text, new Kept(command));
    }

    private static final class Kept implements Source.Asked {
        private final List<String> command;
        private String value = "";
        private long at;

        Kept(List<String> command) {
            this.command = command;
        }

        @Override
        public synchronized String value() throws IOException {
            long now = System.nanoTime();
            if (!value.isEmpty() && now - at < KEPT.toNanos()) return value;
            value = "";
            value = InsecureCommand.output(command);
            at = now;
            return value;
        }
    }
}
