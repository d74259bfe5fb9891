package dev.masugata.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Values that stand where a secret will be, and are none.
final class Placeholders {
    private static final Set<String> WHOLE = Set.of(
            "password", "passwd", "secret", "token", "admin", "root", "guest", "user", "username", "none", "null",
            "nil", "true", "false", "undefined", "empty", "string", "test", "testing", "default", "postgres",
            "mysql", "bearer", "basic", "required", "optional", "hidden", "value", "letmein", "qwerty", "foobar",
            "hunter2", "secret123", "password1", "password123", "passw0rd", "p@ssw0rd", "p@ssword", "admin123",
            "test123", "abc123", "pass123");

    private static final List<String> PARTS = List.of(
            "example", "sample", "changeme", "change_me", "change-me", "changeit", "placeholder", "dummy", "fake",
            "redacted", "masked", "your_", "your-", "yourpass", "yourkey", "yoursecret", "yourtoken", "my_secret",
            "mysecret", "my-secret", "mypassword", "my_pass", "my-pass", "insert_", "insert-", "replace_",
            "replace-", "replaceme", "notreal", "not_real", "not-real", "todo", "xxxx", "****", "....", "____",
            "----", "process.env", "os.environ", "getenv", "foobar");

    private Placeholders() {}

    /// True for `changeme`, `${PASSWORD}`, `<token>`, `xxxxxxxx`, `{{ secret }}`, `%s`, `$TOKEN`.
    static boolean is(CharSequence value) {
        var lower = value.toString().toLowerCase(Locale.ROOT);
        if (WHOLE.contains(lower) || Randomness.isFiller(lower)) return true;
        for (var part : PARTS) if (lower.contains(part)) return true;
        return isVariable(lower);
    }

    private static boolean isVariable(String value) {
        if (value.isEmpty()) return true;
        char first = value.charAt(0);
        if ("$%<{[@&(".indexOf(first) >= 0) return true;
        return value.contains("${") || value.contains("{{") || value.contains("$(");
    }
}
