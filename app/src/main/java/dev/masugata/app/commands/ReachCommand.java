package dev.masugata.app.commands;

import dev.masugata.app.ResidentGate;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `reach`: the upper bound of what an agent could do.
@Command(
        name = "reach",
        description = "Says what a run could reach and destroy at worst, and what of it an agent or a session used.",
        footer = {"", "Examples:", "  masugata reach", "  masugata reach coder", "  masugata reach s-7f3k"})
final class ReachCommand extends Options implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "AGENT|SESSION", description = "what this one used of it, and never used")
    @Nullable String about;

    @Option(names = "--workspace", paramLabel = "DIR", description = "for a run on this directory (default: the current one)")
    @Nullable Path workspace;

    @Override
    public Integer call() throws IOException {
        var directory = workspace == null ? Path.of("") : workspace;
        var request = request("bound")
                .with("workspace", directory.toAbsolutePath().normalize().toString())
                .with("named", Json.of(workspace != null))
                .with("partly", Json.TRUE)
                .with("about", SessionCommands.or(about));
        try (var link = ResidentGate.ensure(home())) {
            var answer = ask(link, request);
            if (json) print(answer.without("text"));
            else System.out.print(SessionCommands.text(answer, "text"));
            return 0;
        }
    }
}
