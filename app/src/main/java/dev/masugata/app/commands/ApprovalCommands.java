package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `approvals`, `approve`, `deny`.
final class ApprovalCommands {
    /// Characters of an action's content shown in the list; `--json` has all of it.
    private static final int SHOWN_CHARS = 400;

    private ApprovalCommands() {}

    @Command(
            name = "approvals",
            description = "Shows what waits for a person.",
            footer = {"", "Example:", "  masugata approvals"})
    static final class Approvals extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            var answer = ask(request("approvals"));
            if (json) {
                print(answer);
                return 0;
            }
            if (answer.items("approvals").isEmpty()) System.out.println("nothing waits");
            for (var one : answer.items("approvals")) if (one instanceof Json.Obj approval) show(approval);
            return 0;
        }

        private static void show(Json.Obj it) {
            System.out.println(text(it, "id") + "  " + text(it, "action") + " " + Table.plain(text(it, "target")));
            System.out.println("  " + Table.plain(text(it, "question")));
            System.out.println("  session " + text(it, "session") + ", " + text(it, "principal") + ", since " + text(it, "since")
                    + ", until " + text(it, "expires"));
            var content = Table.plain(JsonWriter.text(it.at("content").orElse(Json.NULL)));
            boolean cut = content.length() > SHOWN_CHARS;
            System.out.println("  " + (cut ? content.substring(0, SHOWN_CHARS) + " ... (all of it: masugata approvals --json)" : content));
            for (var path : it.items("paths"))
                if (path instanceof Json.Str(var way, _)) System.out.println("  " + Table.plain(way));
            System.out.println("  masugata approve " + text(it, "id") + "    masugata deny " + text(it, "id"));
        }
    }

    @Command(
            name = "approve",
            description = "Lets a held action go.",
            footer = {"", "Examples:", "  masugata approve a-12", "  masugata approve a-12 --for 10m"})
    static final class Approve extends Options implements Callable<Integer> {
        // What stands in a file after a call cannot be told from what the agent wrote there meanwhile.
        private static final String FOR =
                ": equal calls pass while the files they name stay as they are now; a call that"
                        + " changes one of them is asked about again";

        @Parameters(paramLabel = "ID", description = "as `masugata approvals` shows it")
        String id = "";

        @Option(names = "--for", paramLabel = "TIME", description = "every equal action for so long (10m, 1h, session); default: once")
        @Nullable String life;

        @Override
        public Integer call() {
            var answer = ask(request("answer").with("id", id).with("approved", Json.TRUE).with("seconds", seconds()));
            if (json) print(answer);
            else System.out.println("approved " + id + (life == null ? "" : FOR));
            answer.string("hint").ifPresent(hint -> System.err.println("masugata: " + hint));
            return 0;
        }

        private long seconds() {
            if (life == null) return 0;
            // A session's life is not known beforehand; its approvals end with it, and a day is the most.
            if (life.equals("session")) return 24 * 3600;
            return ConfigFile.duration(life)
                    .filter(it -> it.toSeconds() > 0)
                    .orElseThrow(() -> new Failure(Failure.USAGE, "`--for` takes a time such as `10m` or `1h`, or `session`, not `" + life + "`"))
                    .toSeconds();
        }
    }

    @Command(
            name = "deny",
            description = "Refuses a held action.",
            footer = {"", "Example:", "  masugata deny a-12 --note 'not on a Friday'"})
    static final class Deny extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "as `masugata approvals` shows it")
        String id = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "why; kept on record")
        @Nullable String note;

        @Override
        public Integer call() {
            var answer = ask(request("answer").with("id", id).with("approved", Json.FALSE).with("note", SessionCommands.or(note)));
            if (json) print(answer);
            else System.out.println("denied " + id);
            return 0;
        }
    }
}
