package dev.masugata.app.commands;

import dev.masugata.app.Version;
import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.wire.Json;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// All commands, and the one place where a failure becomes a line and an exit code.
@Command(
        name = "masugata",
        description = "Judges what AI agents do, before they do it, and keeps proof.",
        subcommands = {
            RunCommand.class,
            SessionCommands.Ps.class,
            SessionCommands.Stop.class,
            SessionCommands.Resume.class,
            ReviewCommands.Diff.class,
            ReviewCommands.Apply.class,
            ReviewCommands.Discard.class,
            ApprovalCommands.Approvals.class,
            ApprovalCommands.Approve.class,
            ApprovalCommands.Deny.class,
            AllowCommand.class,
            ImportCommand.class,
            AuthorityCommand.class,
            GrantCommands.Grants.class,
            ReachCommand.class,
            GateLine.Serve.class,
            GateLine.Mcp.class,
            GateLine.Resident.class,
            ToolCommands.Tools.class,
            AgentCommands.Agents.class,
            CredentialCommands.Credentials.class,
            SayCommand.class,
            PolicyCommands.Policy.class,
            LogCommands.Log.class,
            TranscriptCommand.class,
            QueryCommand.class,
            AskCommand.class,
            RiskCommands.Risks.class,
            DemoCommand.class,
            DoctorCommand.class,
            TrainCommands.Train.class,
            TrainCommands.Calibrate.class,
            BenchCommand.class,
            ScanCommand.class,
            AibomCommand.class,
            ConnectCommands.Init.class,
            ConnectCommands.Connect.class,
            ConnectCommands.Disconnect.class,
            Commands.ShowVersion.class,
            Commands.Completion.class
        },
        footer = {
            "",
            "  masugata test [--full] [invariants|mcp|sandbox]   runs the tests",
            "  masugata install                                  puts this command on the PATH",
            "",
            "Examples:",
            "  masugata run -- bash",
            "  masugata serve --config examples/first.yaml",
            "  masugata log verify",
            "",
            "Every command has --help with examples."
        })
public final class Commands implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and exit")
    boolean help;

    @Option(names = {"-V", "--version"}, description = "print the version and exit")
    boolean version;

    @Override
    public Integer call() {
        if (version) System.out.println("masugata " + Version.NUMBER);
        else line().usage(System.out);
        return version ? 0 : Failure.USAGE;
    }

    /// Runs one command; the result is the exit code.
    public static int run(String... arguments) {
        return line().execute(arguments);
    }

    static CommandLine line() {
        var line = new CommandLine(new Commands());
        for (var name : NotBuilt.PARTS.keySet()) line.addSubcommand(name, new NotBuilt(name));
        line.setExitCodeExceptionMapper(_ -> Failure.FAILED);
        line.setStopAtPositional(false);
        // What stands behind a run's command belongs to the command.
        Objects.requireNonNull(line.getSubcommands().get("run")).setStopAtPositional(true);
        line.setParameterExceptionHandler((problem, _) -> wrongUsage(problem));
        line.setExecutionExceptionHandler((problem, _, _) -> failed(problem));
        return line;
    }

    private static int wrongUsage(CommandLine.ParameterException problem) {
        var line = problem.getCommandLine();
        say(String.valueOf(problem.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, line.getErr());
        say("usage: " + line.getCommandSpec().qualifiedName() + " --help");
        return Failure.USAGE;
    }

    private static int failed(Exception problem) {
        return switch (problem) {
            case Failure failure -> {
                say(String.valueOf(failure.getMessage()));
                yield failure.code();
            }
            case LedgerUnavailable unavailable -> {
                say(String.valueOf(unavailable.getMessage()));
                yield Failure.FAILED;
            }
            case java.nio.file.NoSuchFileException missing -> {
                say("`" + missing.getFile() + "` is not there");
                yield Failure.FAILED;
            }
            case java.nio.file.FileSystemException failure -> {
                var why = failure.getReason() == null ? "cannot be used" : failure.getReason();
                say("`" + failure.getFile() + "`: " + why);
                yield Failure.FAILED;
            }
            case java.io.IOException failure -> {
                say("failed: " + failure.getMessage());
                yield Failure.FAILED;
            }
            default -> {
                say("failed in a way that nobody foresaw; please report it:");
                problem.printStackTrace(new PrintWriter(System.err, true));
                yield Failure.FAILED;
            }
        };
    }

    static void say(String text) {
        text.lines().forEach(line -> System.err.println("masugata: " + line));
    }

    @Command(
            name = "version",
            description = "Prints the version.",
            footer = {"", "Example:", "  masugata version --json"})
    static final class ShowVersion extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            if (json) print(Json.object("version", Version.NUMBER));
            else System.out.println("masugata " + Version.NUMBER);
            return 0;
        }
    }

    @Command(
            name = "completion",
            description = "Prints a completion script for bash and zsh.",
            footer = {"", "Example:", "  source <(masugata completion)"})
    static final class Completion extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.print(AutoComplete.bash("masugata", line()));
            return 0;
        }
    }
}
