package dev.masugata.sandbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One process to be sealed, and all that it is given.
///
/// @param command the program and its arguments; found along `PATH` inside the seal
/// @param environment these names and no others, beside `PATH`, `HOME`, `USER`, `LOGNAME`, `SHELL` and `TMPDIR`,
///     which it may overrule
/// @param files which files it works on
/// @param binds what else of the machine it sees
/// @param network what it can reach
/// @param directory where it starts; if empty, where its files are
/// @param terminal the window of its terminal; if empty, three pipes
public record SealSpec(
        List<String> command,
        Map<String, String> environment,
        Files files,
        List<Bind> binds,
        Network network,
        Optional<Path> directory,
        Optional<Terminal> terminal) {
    /// The most bytes of a command with its arguments.
    public static final int COMMAND_BYTES = 512 * 1024;
    /// The most environment variables.
    public static final int VARIABLES = 1000;
    /// The most bytes of one value; the kernel's own limit is 128 KiB with its name.
    public static final int VALUE_BYTES = 120 * 1024;
    /// The most binds of one process.
    public static final int BINDS = 200;

    private static final Pattern NAME = Pattern.compile("[!-<>-~]{1,255}");

    public SealSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        binds = List.copyOf(binds);
        if (command.isEmpty() || command.getFirst().isEmpty())
            throw new IllegalArgumentException("there is no command to run");
        long bytes = 0;
        for (var word : command) bytes += require("an argument", word).getBytes(StandardCharsets.UTF_8).length + 1;
        if (bytes > COMMAND_BYTES)
            throw new IllegalArgumentException("the command is longer than " + COMMAND_BYTES + " bytes");
        if (environment.size() > VARIABLES)
            throw new IllegalArgumentException("more than " + VARIABLES + " environment variables");
        environment.forEach((name, value) -> {
            if (!NAME.matcher(name).matches())
                throw new IllegalArgumentException(
                        "`" + Visible.text(name) + "` is no name of an environment variable");
            if (require(name, value).getBytes(StandardCharsets.UTF_8).length > VALUE_BYTES)
                throw new IllegalArgumentException("`" + name + "` is longer than " + VALUE_BYTES + " bytes");
        });
        if (binds.size() > BINDS) throw new IllegalArgumentException("more than " + BINDS + " mounts");
    }

    private static String require(String what, String value) {
        if (value.indexOf('\0') >= 0) throw new IllegalArgumentException(what + " holds a zero byte");
        return value;
    }

    /// A command in the session's workspace and network: the agent.
    public static SealSpec agent(List<String> command, Map<String, String> environment) {
        return new SealSpec(
                command,
                environment,
                new Files.Workspace(),
                List.of(),
                Network.SESSION,
                Optional.empty(),
                Optional.empty());
    }

    /// A command with pipes, without network: a server that the gate talks to.
    public static SealSpec server(List<String> command, Map<String, String> environment, Files files) {
        return new SealSpec(command, environment, files, List.of(), Network.NONE, Optional.empty(), Optional.empty());
    }

    public SealSpec with(List<Bind> binds) {
        return new SealSpec(command, environment, files, binds, network, directory, terminal);
    }

    public SealSpec in(Path directory) {
        return new SealSpec(command, environment, files, binds, network, Optional.of(directory), terminal);
    }

    public SealSpec on(Terminal terminal) {
        return new SealSpec(command, environment, files, binds, network, directory, Optional.of(terminal));
    }

    /// Which files a process works on.
    public sealed interface Files {
        /// None: an empty home and `/tmp`, both gone with the process.
        record Nothing() implements Files {}

        /// The session's merged view of the workspace, at the workspace's own path.
        record Workspace() implements Files {}

        /// A real directory at its own path; what is written there is written.
        record Directory(Path path) implements Files {}
    }

    /// What a process can reach.
    public enum Network {
        /// The session's namespace: the gate's listeners and the session's own processes.
        SESSION,
        /// A namespace of its own with nothing but its own loopback.
        NONE
    }
}
