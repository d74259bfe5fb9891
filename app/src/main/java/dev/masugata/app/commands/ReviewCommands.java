package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.ResidentGate;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `diff`, `apply`, `discard`: what a session changed, before it counts.
final class ReviewCommands {
    private ReviewCommands() {}

    @Command(
            name = "diff",
            description = "Shows what a session changed.",
            footer = {"", "Examples:", "  masugata diff", "  masugata diff s-7f3k"})
    static final class Diff extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
        @Nullable String session;

        @Override
        public Integer call() {
            diff(this, SessionCommands.or(session));
            return 0;
        }
    }

    @Command(
            name = "apply",
            description = "Brings a session's changes into the real workspace. Refuses a file that moved on meanwhile.",
            footer = {"", "Examples:", "  masugata apply s-7f3k", "  masugata apply s-7f3k src/main.c"})
    static final class Apply extends Options implements Callable<Integer> {
        @Parameters(index = "0", arity = "0..1", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
        @Nullable String session;

        @Parameters(index = "1..*", paramLabel = "PATH", description = "only these; default: all")
        List<String> paths = List.of();

        @Override
        public Integer call() {
            return apply(this, SessionCommands.or(session), paths);
        }
    }

    @Command(
            name = "discard",
            description = "Throws a session's changes away.",
            footer = {"", "Example:", "  masugata discard s-7f3k"})
    static final class Discard extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
        @Nullable String session;

        @Override
        public Integer call() {
            discard(this, SessionCommands.or(session));
            return 0;
        }
    }

    static void diff(Options options, String session) {
        var answer = review(options, "diff", session, List.of());
        if (options.json) options.print(answer.without("text"));
        else System.out.print(text(answer, "text"));
    }

    static int apply(Options options, String session, List<String> paths) {
        var answer = review(options, "apply", session, paths);
        var refused = answer.items("refused");
        if (options.json) options.print(answer.without("text"));
        else {
            System.out.println(answer.items("applied").size() + " changes applied");
            for (var one : answer.items("dropped"))
                if (one instanceof Json.Obj it)
                    System.err.println("masugata: applied without " + bits(it) + ": " + Table.plain(text(it, "path")));
            for (var one : refused)
                if (one instanceof Json.Obj it)
                    System.err.println("masugata: not applied: " + Table.plain(text(it, "path")) + ": " + Table.plain(text(it, "why")));
        }
        return refused.isEmpty() ? 0 : 1;
    }

    private static String bits(Json.Obj dropped) {
        return dropped.items("bits").stream().map(it -> ((Json.Str) it).value()).collect(Collectors.joining(", "));
    }

    static void discard(Options options, String session) {
        var answer = review(options, "discard", session, List.of());
        if (options.json) options.print(answer);
        else System.out.println("discarded what " + text(answer, "session") + " changed");
    }

    private static Json.Obj review(Options options, String what, String session, List<String> paths) {
        var request = Options.request("review").with("what", what).with("session", session).with("paths", Json.strings(paths));
        // What is reviewed lies under namespaces that only a gate may open, so one is started if none runs.
        try (var link = ResidentGate.ensure(options.home())) {
            return Options.ask(link, request);
        } catch (IOException gone) {
            throw new Failure(Failure.FAILED, "the gate went away: " + gone.getMessage());
        }
    }
}
