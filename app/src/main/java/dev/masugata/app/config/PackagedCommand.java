package dev.masugata.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A command that names a package to be fetched and run, `npx -y NAME@1.2.3 ARGUMENT...` or `uvx NAME==1.2.3
/// ARGUMENT...`. It is never run as it stands: the package is installed once, and what lies here is run.
///
/// @param version   one version, no range and no tag
/// @param arguments of its program
public record PackagedCommand(Kind kind, String name, String version, List<String> arguments) {
    /// Where a package comes from.
    public enum Kind {
        NPM("npm"), PYTHON("python");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// As configuration writes it.
        public String word() {
            return word;
        }
    }

    private static final Map<String, Kind> RUNNERS =
            Map.of("npx", Kind.NPM, "bunx", Kind.NPM, "pnpx", Kind.NPM, "uvx", Kind.PYTHON);
    private static final Set<String> FLAGS = Set.of("-y", "--yes", "-q", "--quiet");
    // Semantic Versioning 2.0.0, and PEP 440's final and pre-releases.
    private static final Pattern NPM = Pattern.compile(
            "((?:@[a-z0-9~_-][a-z0-9~._-]*/)?[a-z0-9~_-][a-z0-9~._-]*)@(\\d+\\.\\d+\\.\\d+(?:[-+][0-9A-Za-z.+-]+)?)");
    private static final Pattern PYTHON =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)(?:==|@)(\\d+(?:\\.\\d+)*(?:(?:a|b|rc|\\.post|\\.dev)\\d+)?)");

    public PackagedCommand {
        arguments = List.copyOf(arguments);
    }

    /// The package that a command means; empty for a command that fetches nothing, or none that may be one.
    public static Optional<PackagedCommand> of(List<String> command) {
        return runner(command).flatMap(kind -> {
            var rest = rest(command);
            if (rest.isEmpty()) return Optional.empty();
            var named = form(kind).matcher(rest.getFirst());
            return named.matches()
                    ? Optional.of(new PackagedCommand(
                            kind, named.group(1), named.group(2), rest.subList(1, rest.size())))
                    : Optional.empty();
        });
    }

    /// Why the command cannot be that of a server, and what to do; empty for one that can.
    static Optional<String> problem(List<String> command) {
        var kind = runner(command);
        if (kind.isEmpty()) return Optional.empty();
        var program = program(command);
        var exact = kind.get() == Kind.PYTHON ? "uvx NAME==1.2.3" : program + " -y NAME@1.2.3";
        var rest = rest(command);
        if (rest.isEmpty() || rest.getFirst().startsWith("-"))
            return Optional.of("`" + program + "` must name its package first, at one version: `" + exact + "`");
        return of(command).isPresent()
                ? Optional.empty()
                : Optional.of("`" + rest.getFirst()
                        + "` is not one version of a package: what is fetched tomorrow may be"
                        + " another program; write `" + exact + "`");
    }

    /// As people and installers of its kind write it.
    public String text() {
        return name + (kind == Kind.PYTHON ? "==" : "@") + version;
    }

    /// A name for a directory, its own for each package.
    public String directory() {
        return name.replace('/', '+') + "@" + version;
    }

    private static Optional<Kind> runner(List<String> command) {
        return command.isEmpty() ? Optional.empty() : Optional.ofNullable(RUNNERS.get(program(command)));
    }

    private static String program(List<String> command) {
        return command.getFirst().substring(command.getFirst().lastIndexOf('/') + 1);
    }

    private static Pattern form(Kind kind) {
        return kind == Kind.PYTHON ? PYTHON : NPM;
    }

    private static List<String> rest(List<String> command) {
        var rest = new ArrayList<>(command.subList(1, command.size()));
        while (!rest.isEmpty() && FLAGS.contains(rest.getFirst())) rest.removeFirst();
        return rest;
    }
}
