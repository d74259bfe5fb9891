package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.wire.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `grants` and `grants revoke`.
final class GrantCommands {
    private GrantCommands() {}

    @Command(
            name = "grants",
            description = "Shows what was approved and still holds.",
            subcommands = Revoke.class,
            footer = {"", "Examples:", "  masugata grants", "  masugata grants revoke a-12"})
    static final class Grants extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            var answer = ask(request("grants"));
            if (json) {
                print(answer);
                return 0;
            }
            var table = new Table("GRANT", "SESSION", "ACTION", "SERVES", "USED", "UNTIL", "BY");
            for (var item : answer.items("grants"))
                if (item instanceof Json.Obj it)
                    table.row(text(it, "id"), text(it, "session"), text(it, "action") + " "
                            + Table.plain(text(it, "target")),
                            it.integer("times").orElse(0L) == 0 ? "every equal call" : "once",
                            Long.toString(it.integer("used").orElse(0L)), text(it, "until"), text(it, "by"));
            table.print(System.out, "nothing is granted");
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description = "Takes an approval back; calls that run under it are cut.",
            footer = {"", "Example:", "  masugata grants revoke a-12"})
    static final class Revoke extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "as `masugata grants` shows it")
        String id = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "why; kept on record")
        @Nullable String note;

        @Override
        public Integer call() {
            var answer = ask(request("grants-revoke").with("id", id).with("note", SessionCommands.or(note)));
            if (json) print(answer);
            else System.out.println("revoked " + id);
            return 0;
        }
    }
}
