package dev.masugata.app.commands;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.app.config.UserHome;
import dev.masugata.app.scan.Changed;
import dev.masugata.app.scan.Connections;
import dev.masugata.app.scan.FirstConfig;
import dev.masugata.scan.AgentKind;
import dev.masugata.scan.Machine;
import dev.masugata.scan.Progress;
import dev.masugata.scan.Scan;
import dev.masugata.scan.ScanLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `init`, `connect` and `disconnect`: agents of this machine, led through the gate and back.
final class ConnectCommands {
    private ConnectCommands() {}

    @Command(
            name = "init",
            description = {
                "Finds the agents and MCP servers of this machine and writes a first configuration for the gate.",
                "A configuration that is there already is never changed: then it prints what could be added."
            },
            footer = {"", "Examples:", "  masugata init --dry-run", "  masugata init && masugata connect claude"})
    static final class Init extends Options implements Callable<Integer> {
        @Option(names = "--dry-run", description = "show it only")
        boolean dry;

        @Override
        public Integer call() throws IOException {
            var result = Scan.machine(List.of(UserHome.path()), Machine.SILENT, ScanLimits.DEFAULT, Progress.NONE);
            for (var asset : result.inventory().assets())
                if (asset.kind().equals("Agent"))
                    System.err.println("found " + Table.plain(asset.name() + "  " + asset.attributes().get("place")));
            var first = FirstConfig.of(UserHome.path());
            first.notes().forEach(it -> System.err.println("masugata: " + Table.plain(it)));
            System.out.print(first.yaml());
            if (dry || first.servers().isEmpty()) return 0;
            if (Files.exists(home().config())) {
                Commands.say("`" + home().config() + "` is there and stays as it is; the above can be added to it");
                return Failure.FAILED;
            }
            first.write(home());
            System.err.println("written to " + home().config()
                    + "; then: masugata connect AGENT, masugata tools approve");
            return 0;
        }
    }

    @Command(
            name = "connect",
            description =
                    "Leads an agent's MCP servers through the gate: shows what it changes, keeps the file as it was.",
            footer = {"", "Examples:", "  masugata connect claude", "  masugata disconnect claude"})
    static final class Connect extends Options implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "AGENT", description = "claude, codex, cursor, vscode, gemini")
        String agent = "";

        @Override
        public Integer call() throws IOException {
            var connections = connections(this, agent);
            var servers = config(this).map(it -> List.copyOf(it.servers().keySet())).orElse(List.of());
            if (servers.isEmpty())
                throw new Failure(Failure.FAILED,
                        "the gate has no servers yet; `masugata init` finds those of this machine");
            show(connections.connect(servers), "`" + agent + "` is connected already");
            return 0;
        }
    }

    @Command(
            name = "disconnect",
            description = "Takes the gate out of an agent's configuration and puts back what stood there.",
            footer = {"", "Example:", "  masugata disconnect claude"})
    static final class Disconnect extends Options implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "AGENT", description = "claude, codex, cursor, vscode, gemini")
        String agent = "";

        @Override
        public Integer call() throws IOException {
            show(connections(this, agent).disconnect(), "`" + agent + "` is not connected");
            return 0;
        }
    }

    private static Optional<Config> config(Options options) {
        var file = options.home().config();
        try {
            return Files.exists(file) ? Optional.of(ConfigFile.read(file)) : Optional.empty();
        } catch (ConfigProblem.Invalid invalid) {
            throw new Failure(Failure.FAILED, String.valueOf(invalid.getMessage()));
        }
    }

    private static Connections connections(Options options, String agent) {
        var kind = AgentKind.named(agent).filter(it -> it.connection().isPresent());
        if (kind.isEmpty()) {
            var known = AgentKind.shipped().stream().filter(it -> it.connection().isPresent()).map(AgentKind::id)
                    .sorted().toList();
            throw new Failure(Failure.USAGE, "this knows " + String.join(", ", known) + ", not `" + agent + "`");
        }
        return new Connections(options.home(), kind.get(), kind.get().connection().orElseThrow(), UserHome.path());
    }

    private static void show(Optional<Changed> changed, String otherwise) {
        if (changed.isEmpty()) Commands.say(otherwise);
        changed.ifPresent(it -> it.text().lines().forEach(line -> System.out.println(Table.plain(line))));
    }
}
