package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `agents` and what is below it.
final class AgentCommands {
    private AgentCommands() {}

    @Command(
            name = "agents",
            description = "Shows the callers from outside that were added.",
            subcommands = {Add.class, Fresh.class, Revoke.class},
            footer = {"", "Example:", "  masugata agents add coder --user alice"})
    static final class Agents extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            try (var record = record()) {
                var agents = record.standing().agents().all();
                if (json) {
                    print(new Json.Arr(agents.stream()
                            .map(it -> Json.object("id", it.id())
                                    .with("user", it.user())
                                    .with("groups", Json.strings(it.groups()))
                                    .with("revoked", Json.of(it.revoked()))
                                    .with("by", it.by()))
                            .toList()));
                    return 0;
                }
                var table = new Table("AGENT", "FOR", "GROUPS", "STATE", "BY");
                for (var it : agents)
                    table.row(it.id(), it.user(), String.join(",", it.groups()), it.revoked() ? "revoked" : "active", it.by());
                table.print(System.out, "no agent was added; those in the configuration are not listed here");
                return 0;
            }
        }
    }

    @Command(
            name = "add",
            description = "Adds a caller and prints its token, once; only the token's hash is kept.",
            footer = {"", "Example:", "  masugata agents add coder --user alice --group engineering"})
    static final class Add extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID")
        String id = "";

        @Option(names = "--user", paramLabel = "NAME", description = "for whom it acts", required = true)
        @Nullable String user;

        @Option(names = "--group", paramLabel = "NAME", description = "a group it belongs to; may be repeated")
        List<String> groups = List.of();

        @Override
        public Integer call() {
            var answer = ask(request("agents-add").with("id", id).with("user", SessionCommands.or(user)).with("groups", Json.strings(groups)));
            if (json) print(answer);
            else {
                System.err.println("masugata: the token of " + id + ", shown this once:");
                System.out.println(text(answer, "token"));
            }
            return 0;
        }
    }

    @Command(
            name = "fresh",
            description = "Ends the session of a caller, with its labels, and begins another.",
            footer = {"", "Example:", "  masugata agents fresh coder --purpose 'answer the mail of bob@example.com'"})
    static final class Fresh extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID")
        String id = "";

        @Option(names = "--purpose", paramLabel = "TEXT", description = "what it is for; counts as the user's word")
        @Nullable String purpose;

        @Override
        public Integer call() {
            var answer = ask(request("agents-fresh").with("id", id).with("purpose", SessionCommands.or(purpose)));
            if (json) print(answer);
            else if (answer.string("session").isPresent()) System.out.println("session " + text(answer, "session"));
            else
                System.out.println("ended " + answer.integer("ended").orElse(0L)
                        + " sessions; the next call of each user begins a new one");
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description = "Refuses a caller from now on and stops its session.",
            footer = {"", "Example:", "  masugata agents revoke coder"})
    static final class Revoke extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID")
        String id = "";

        @Override
        public Integer call() {
            var answer = ask(request("agents-revoke").with("id", id));
            if (json) print(answer);
            else System.out.println("revoked " + id);
            return 0;
        }
    }
}
