package dev.masugata.app.commands;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `say`: what the user means, on a channel that no agent has.
@Command(
        name = "say",
        description = {
            "Tells the gate what the user of a session asked for, so that values of it count as the user's own.",
            "The agent is told nothing. What is typed at the terminal of `run`, and `--purpose`, count without this."
        },
        footer = {
            "",
            "Examples:",
            "  masugata say 'answer the mail of bob@example.com'",
            "  masugata say --session s-7f3k --operator 'invoices go to billing@example.com'"
        })
final class SayCommand extends Options implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "TEXT")
    List<String> words = List.of();

    @Option(names = "--session", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
    @Nullable String session;

    @Option(names = "--operator", description = "as the one who runs Masugata, not as the user")
    boolean operator;

    @Override
    public Integer call() {
        var request = request("say")
                .with("session", SessionCommands.or(session))
                .with("operator", Json.of(operator))
                .with("text", String.join(" ", words));
        var answer = ask(request);
        if (json) print(answer);
        else System.out.println("noted for session " + SessionCommands.text(answer, "session"));
        return 0;
    }
}
