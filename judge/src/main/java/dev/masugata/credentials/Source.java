package dev.masugata.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the value of a credential stands. It is read anew each time it is used, so a rotated one counts at once and
/// none is kept.
public sealed interface Source {
    /// Bytes of a file that holds a credential.
    int BYTES_MAX = 64 * 1024;

    /// The first line of a file.
    record InFile(Path file) implements Source {}

    /// A variable of the gate's environment.
    record InEnvironment(String name) implements Source {}

    /// What somebody else tells when asked: a command, a keyring, the vault.
    ///
    /// @param text  as configuration writes it
    /// @param asked gives it; its message names no secret
    record Told(String text, Asked asked) implements Source {}

    /// Gives a secret.
    interface Asked {
        String value() throws IOException;
    }

    /// The value.
    ///
    /// @throws IOException when there is none. An agent may be told: the message names neither place nor value
    default String value() throws IOException {
        var value = read();
        if (value == null || value.isEmpty()) throw new IOException("it is not there" + WHERE);
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7F))
            throw new IOException("no header can carry it" + WHERE);
        return value;
    }

    /// The one who asks is often an agent, and where secrets lie is not its business.
    String WHERE = "; an operator can see which: masugata credentials";

    private @Nullable String read() throws IOException {
        try {
            return switch (this) {
                case InFile(var file) -> firstLine(file);
                case InEnvironment(var name) -> System.getenv(name);
                case Told(_, var asked) -> asked.value().lines().findFirst().orElse("").strip();
            };
        } catch (IOException unreadable) {
            throw new IOException("it cannot be read" + WHERE, unreadable);
        }
    }

    private static String firstLine(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) throw new IOException(file + " has more than " + BYTES_MAX + " bytes");
        return Files.readString(file).lines().findFirst().orElse("").strip();
    }
}
