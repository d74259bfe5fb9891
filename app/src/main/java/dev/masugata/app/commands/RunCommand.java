package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.ResidentGate;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.control.Link;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `run`: a command in a seal.
@Command(
        name = "run",
        description = "Runs a command sealed: it works on a copy, reaches nothing but the gate, and what it changed is shown before it counts.",
        footer = {
            "",
            "Examples:",
            "  masugata run -- bash",
            "  masugata run --workspace ~/shop --purpose 'fix the checkout' -- my-agent",
            "  masugata run --dry-run -- bash        what it could reach at worst, and nothing is started"
        })
final class RunCommand extends Options implements Callable<Integer> {
    @Option(names = "--workspace", paramLabel = "DIR", description = "what it works on, as a copy (default: the current directory)")
    @Nullable Path workspace;

    @Option(names = "--agent", paramLabel = "ID", description = "who it is (default: local)")
    String agent = "local";

    @Option(names = "--purpose", paramLabel = "TEXT", description = "what it is to do; policy sees it")
    String purpose = "";

    @Option(names = "-e", paramLabel = "NAME[=VALUE]", description = "a variable it gets; without a value, yours")
    List<String> environment = List.of();

    @Option(names = "--mount", paramLabel = "SRC:DST[:ro]", description = "a real directory it sees; without :ro what it changes there counts at once")
    List<String> mounts = List.of();

    @Option(names = "--read", paramLabel = "DIR", description = "a real directory it may read")
    List<Path> read = List.of();

    @Option(names = "--review", paramLabel = "HOW", description = "ask, apply, keep or discard what it changed (default: ask at a terminal, else keep)")
    @Nullable String review;

    @Option(names = "--timeout", paramLabel = "TIME", description = "ends it after so long: 10m, 1h")
    @Nullable String timeout;

    @Option(names = "--dry-run", description = "prints what it could reach at worst and stops")
    boolean dryRun;

    @Option(names = "-q", description = "says nothing but what is wrong")
    boolean quiet;

    @Option(
            names = "--allow",
            paramLabel = "HOST[:PORT]",
            description = "a host it may reach; one that strangers share only to read")
    List<String> allow = List.of();

    @Option(names = "--secret", paramLabel = "NAME@HOST", hidden = true)
    List<String> secrets = List.of();

    @Option(names = "-p", paramLabel = "PORT[:PORT]", hidden = true)
    List<String> ports = List.of();

    @Option(names = "-d", hidden = true)
    boolean detached;

    @Option(names = "--name", hidden = true)
    @Nullable String name;

    @Option(names = "--profile", hidden = true)
    @Nullable String profile;

    @Option(names = "--budget", paramLabel = "AMOUNT", description = "what it may spend in all, such as 2USD")
    @Nullable String budget;

    @Option(names = "--backend", hidden = true)
    @Nullable String backend;

    @Parameters(arity = "0..*", paramLabel = "-- CMD...")
    List<String> command = List.of();

    @Override
    public Integer call() throws IOException {
        refuseNotBuilt();
        if (command.isEmpty()) throw new Failure(Failure.USAGE, "name the command to run: masugata run -- bash");
        try (var link = ResidentGate.ensure(home())) {
            var request = request(dryRun ? "bound" : "run");
            return dryRun ? bound(link, fill(request)) : run(link, fill(request));
        }
    }

    private void refuseNotBuilt() {
        if (!secrets.isEmpty()) notBuilt("--secret", "the credential broker");
        if (!ports.isEmpty()) notBuilt("-p", "the front gate");
        if (detached) notBuilt("-d", "detached runs");
        if (name != null) notBuilt("--name", "named sessions");
        if (profile != null) notBuilt("--profile", "profiles of agents");
        if (backend != null && !backend.equals("auto") && !backend.equals("bubblewrap")) notBuilt("--backend " + backend, "another backend");
        if ("live".equals(review)) notBuilt("--review live", "live review");
        if (review != null && !List.of("ask", "apply", "keep", "discard", "live").contains(review))
            throw new Failure(Failure.USAGE, "`--review` is ask, apply, keep or discard, not `" + review + "`");
    }

    private static void notBuilt(String flag, String what) {
        throw new Failure(Failure.USAGE, "`" + flag + "`: " + what + " is not built yet");
    }

    private Json.Obj fill(Json.Obj request) {
        var variables = Json.EMPTY;
        for (var one : environment) {
            int equals = one.indexOf('=');
            var name = equals < 0 ? one : one.substring(0, equals);
            var value = equals < 0 ? System.getenv(name) : one.substring(equals + 1);
            if (value == null) throw new Failure(Failure.USAGE, "`-e " + name + "`: you have no variable of that name");
            variables = variables.with(name, value);
        }
        var directory = workspace == null ? Path.of("") : workspace;
        var filled = request.with("command", Json.strings(command))
                .with("workspace", directory.toAbsolutePath().normalize().toString())
                .with("named", Json.of(workspace != null))
                .with("agent", agent)
                .with("purpose", purpose)
                .with("environment", variables)
                .with("allow", Json.strings(allow))
                .with("mounts", Json.strings(mounts))
                .with("read", Json.strings(read.stream().map(it -> it.toAbsolutePath().normalize().toString()).toList()));
        if (budget != null)
            filled = filled.with("budget", dev.masugata.model.Money.of(budget)
                    .orElseThrow(() -> new Failure(Failure.USAGE, "`--budget` takes an amount such as `2USD`, not `"
                            + budget + "`"))
                    .toString());
        if (timeout != null)
            filled = filled.with("seconds", ConfigFile.duration(timeout)
                    .orElseThrow(() -> new Failure(Failure.USAGE, "`--timeout` takes a time such as `10m`, not `" + timeout + "`"))
                    .toSeconds());
        for (var inherited : new String[] {"TERM", "LANG", "COLORTERM"})
            if (System.getenv(inherited) != null) filled = filled.with("inherit-" + inherited, System.getenv(inherited));
        return filled;
    }

    private int bound(Link link, Json.Obj request) throws IOException {
        var answer = ask(link, request);
        if (json) print(answer.without("text"));
        else System.out.print(text(answer, "text"));
        return 0;
    }

    private int run(Link link, Json.Obj request) throws IOException {
        boolean terminal = System.console() != null && System.console().isTerminal();
        var size = terminal ? TerminalMode.size() : java.util.Optional.<int[]>empty();
        if (size.isPresent()) request = request.with("rows", size.get()[0]).with("columns", size.get()[1]);
        link.message(request);
        var relay = new Relay(link, size.isPresent(), quiet);
        var done = checked(relay.run());
        int code = done.integer("exit").orElse(1L).intValue();
        review(relay, text(done, "session"), done, size.isPresent());
        if (!quiet) done.string("checkpoint").ifPresent(it -> System.err.print(indented(it)));
        return code;
    }

    private static String indented(String note) {
        var lines = new StringBuilder("masugata: final checkpoint of the record\n");
        note.lines().forEach(line -> lines.append("  ").append(line).append('\n'));
        return lines.toString();
    }

    private void review(Relay relay, String session, Json.Obj done, boolean terminal) throws IOException {
        var changes = done.items("changes");
        if (changes.isEmpty()) {
            if (!quiet) System.err.println("masugata: nothing was changed");
            return;
        }
        if (!quiet) changes.forEach(it -> System.err.println("  " + Table.plain(((Json.Str) it).value())));
        var how = review != null ? review : terminal ? "ask" : "keep";
        if (how.equals("ask")) how = terminal ? asked(relay, session) : "keep";
        switch (how) {
            case "apply" -> ReviewCommands.apply(this, session, new ArrayList<>());
            case "discard" -> ReviewCommands.discard(this, session);
            default -> {
                if (!quiet)
                    System.err.println("masugata: " + changes.size() + " changes kept. masugata diff " + session + ", masugata apply " + session
                            + ", masugata discard " + session);
            }
        }
    }

    private String asked(Relay relay, String session) {
        while (true) {
            System.err.print("masugata: [a]pply, [d]iff, [k]eep for later or disc[x]ard? ");
            var answer = line(relay);
            if (answer == null) return "keep";
            switch (answer.strip()) {
                case "a", "apply" -> {
                    return "apply";
                }
                case "x", "discard" -> {
                    return "discard";
                }
                case "k", "keep", "" -> {
                    return "keep";
                }
                case "d", "diff" -> ReviewCommands.diff(this, session);
                default -> {}
            }
        }
    }

    private static @Nullable String line(Relay relay) {
        try {
            return relay.line();
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
