package dev.masugata.app.config;

import java.nio.file.Path;

/// The user's own directory, as the shell means `~`: `$HOME`, which Java by itself does not ask.
public final class UserHome {
    private UserHome() {}

    public static Path path() {
        var named = System.getenv("HOME");
        boolean usable = named != null && named.startsWith("/");
        return Path.of(usable ? named : System.getProperty("user.home")).normalize();
    }

    /// The path that a person wrote, `~/` understood, relative to `directory`.
    static Path resolve(Path directory, String text) {
        return text.startsWith("~/") ? path().resolve(text.substring(2)).normalize() : directory.resolve(text).normalize();
    }
}
