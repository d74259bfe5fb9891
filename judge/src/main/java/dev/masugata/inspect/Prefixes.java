package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What stands before a command and runs it: `sudo`, `env X=1`, `nohup`, `xargs -0`, a prompt, `if`; and the shells
/// that take a command as a text.
final class Prefixes {
    private static final Set<String> RUNNERS = Set.of(
            "sudo", "doas", "env", "nohup", "time", "nice", "ionice", "exec", "command", "builtin", "stdbuf",
            "setsid", "busybox", "xargs", "timeout", "watch", "unbuffer", "chroot", "then", "do", "else", "if",
            "while", "until", "!", "{", "&&", "$", "%", ">", "eval");
    private static final Set<String> SHELLS = Set.of(
            "sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "powershell", "pwsh");
    private static final Set<String> INTERPRETERS = Set.of("python", "python3", "perl", "ruby", "node", "php");
    private static final Set<String> LINES = Set.of(
            "echo", "printf", "cat", "cd", "export", "set", "test", "[", "git", "ls", "cp", "mv", "rm", "curl",
            "wget", "tar", "ssh", "kill", "for", "docker", "python", "python3", "node", "make", "grep", "sed", "awk",
            "find", "source", ".");

    private static final Pattern OPTION = Pattern.compile("-.*|[0-9.]+[smhd]?", Pattern.DOTALL);

    private Prefixes() {}

    /// The command itself.
    static List<String> without(List<String> words) {
        int at = 0;
        while (at < words.size()) {
            var word = words.get(at);
            var name = word.substring(word.lastIndexOf('/') + 1);
            boolean sets = isAssignment(word);
            if (!sets && !RUNNERS.contains(name)) break;
            at++;
            if (name.equals(">") && at == words.size()) return words;
            if (sets || name.equals("$") || name.equals("%")) continue;
            // The runner's own options, and `timeout 5`, `nice -n 10`.
            while (at < words.size() && OPTION.matcher(words.get(at)).matches()) at++;
        }
        return at == 0 ? words : List.copyOf(words.subList(at, words.size()));
    }

    private static boolean isAssignment(String word) {
        int equals = word.indexOf('=');
        if (equals <= 0) return false;
        for (int i = 0; i < equals; i++)
            if (!Character.isLetterOrDigit(word.charAt(i)) && word.charAt(i) != '_') return false;
        return !DigitRuns.isDigit(word.charAt(0));
    }

    /// What a shell is told to run: `sh -c 'TEXT'`, `bash -lc TEXT`, `sh <<< TEXT`, `eval TEXT`.
    static @Nullable String script(Shell.Command command) {
        if (!SHELLS.contains(command.program())) return null;
        var arguments = command.arguments();
        for (int i = 0; i + 1 < arguments.size(); i++) {
            var word = arguments.get(i).toLowerCase(Locale.ROOT);
            boolean takesText = word.startsWith("-") && !word.startsWith("--") && word.endsWith("c")
                    || word.equals("-command");
            if (takesText) return arguments.get(i + 1);
        }
        // A here-string is a word that is no option.
        var rest = new ArrayList<>(arguments);
        rest.removeIf(it -> it.startsWith("-"));
        return rest.size() == 1 && rest.getFirst().indexOf(' ') > 0 ? rest.getFirst() : null;
    }

    /// A shell, or another program that runs what it is given.
    static boolean isShell(String program) {
        return SHELLS.contains(program) || INTERPRETERS.contains(program);
    }

    /// True if these words begin a line of a shell, not a sentence.
    static boolean isLine(List<String> words) {
        if (words.isEmpty()) return false;
        var first = words.getFirst();
        return isAssignment(first) || RUNNERS.contains(first) || SHELLS.contains(first) || LINES.contains(first);
    }
}
