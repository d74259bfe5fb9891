package dev.masugata.app.commands;

import dev.masugata.wire.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ps`, `stop`, `resume`.
final class SessionCommands {
    private SessionCommands() {}

    @Command(
            name = "ps",
            description = "Shows the sessions that are under way.",
            footer = {"", "Example:", "  masugata ps --json"})
    static final class Ps extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            var status = ask(request("status"));
            if (json) {
                print(status);
                return 0;
            }
            var table = new Table("SESSION", "AGENT", "FOR", "KIND", "STATE");
            for (var session : status.items("sessions"))
                if (session instanceof Json.Obj it)
                    table.row(
                            text(it, "id"),
                            text(it, "agent"),
                            text(it, "user"),
                            text(it, "kind"),
                            it.isTrue("stopped") ? "stopped" : "running");
            table.print(System.out, "no session is under way");
            return 0;
        }
    }

    @Command(
            name = "stop",
            description = "Closes all gates for a session and ends its processes within a second. Holds until resumed.",
            footer = {"", "Examples:", "  masugata stop s-7f3k", "  masugata stop --all"})
    static final class Stop extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
        @Nullable String session;

        @Option(names = "--all", description = "every session that is under way")
        boolean all;

        @Override
        public Integer call() {
            var answer = ask(request("stop").with("session", or(session)).with("all", Json.of(all)));
            if (json) print(answer);
            else for (var id : answer.items("stopped")) System.out.println("stopped " + ((Json.Str) id).value());
            answer.string("unrecorded").ifPresent(why -> {
                throw new Failure(Failure.FAILED, "stopped, but not on record: " + why);
            });
            return 0;
        }
    }

    @Command(
            name = "resume",
            description = "Lets a stopped session be judged again.",
            footer = {"", "Example:", "  masugata resume s-7f3k"})
    static final class Resume extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
        @Nullable String session;

        @Override
        public Integer call() {
            var answer = ask(request("resume").with("session", or(session)));
            if (json) print(answer);
            else System.out.println("resumed " + text(answer, "resumed"));
            return 0;
        }
    }

    static String or(@Nullable String text) {
        return Optional.ofNullable(text).orElse("");
    }

    static String text(Json.Obj object, String name) {
        return object.string(name).orElse("");
    }
}
