package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tools approve`. What is quarantined is shown first, and approved only as it was shown.
@Command(
        name = "approve",
        description = "Approves a tool, or all tools of a server with its program, exactly as they are now.",
        footer = {"", "Examples:", "  masugata tools approve files", "  masugata tools approve notes/add --class write",
            "  masugata tools approve files --review-in 90d"})
final class ToolApproval extends Options implements Callable<Integer> {
    /// The program first, then its tools, then what changed while these were looked at; a server that changes each time
    /// is none.
    private static final int ROUNDS_MAX = 4;

    @Parameters(paramLabel = "SERVER[/TOOL]")
    String name = "";

    @Option(names = "--class", paramLabel = "CLASS",
            description = "what it can do at worst: read, write, egress, irreversible, credential or execution")
    @Nullable String toolClass;

    @Option(names = "--review-in", paramLabel = "TIME",
            description = "after what time somebody is to look again, such as 90d (default: `mcp.review`)")
    @Nullable String reviewIn;

    @Option(names = "--anyway",
            description = "although a description tries to steer an agent, or passes for another tool's")
    boolean anyway;

    @Override
    public Integer call() {
        var request = request();
        var approved = new LinkedHashMap<String, Json.Obj>();
        var refused = new ArrayList<Json>();
        var shown = Json.EMPTY;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            var answer = ask(request.with("shown", shown));
            // What was approved in an earlier round is unchanged in a later one.
            for (var one : answer.items("approved")) approved.putIfAbsent(text((Json.Obj) one, "tool"), (Json.Obj) one);
            refused.clear();
            refused.addAll(answer.items("refused"));
            var unshown = answer.items("unshown").stream().map(Json.Obj.class::cast).toList();
            if (unshown.isEmpty()) return report(List.copyOf(approved.values()), refused);
            if (!json) report(unshown);
            for (var one : unshown) shown = shown.with(text(one, "tool"), text(one, "seen"));
        }
        throw new Failure(Failure.FAILED,
                "what `" + name + "` offers changes each time it is looked at: masugata tools diff");
    }

    private Json.Obj request() {
        var request = request("tools-approve").with("name", name).with("anyway", Json.of(anyway));
        if (toolClass != null) {
            if (ConfigFile.toolClass(toolClass).isEmpty())
                throw new Failure(Failure.USAGE,
                        "`" + toolClass + "` is no class: read, write, egress, irreversible, credential or execution");
            request = request.with("class", toolClass);
        }
        if (reviewIn == null) return request;
        if (ConfigFile.duration(reviewIn).filter(it -> it.isPositive()).isEmpty())
            throw new Failure(Failure.USAGE, "`--review-in` is a time such as `90d`, not `" + reviewIn + "`");
        return request.with("reviewIn", reviewIn);
    }

    /// Before it is approved, and as it is on record.
    private void report(List<Json.Obj> unshown) {
        try (var record = record()) {
            for (var one : unshown) {
                var pin = ToolCommands.pin(record, text(one, "tool"));
                ToolDiff.report(pin, ToolDiff.lines(record, pin));
            }
        }
    }

    private int report(List<Json.Obj> approved, List<Json> refused) {
        if (json) print(Json.object("approved", new Json.Arr(approved)).with("refused", new Json.Arr(refused)));
        else {
            approved.forEach(ToolApproval::report);
            for (var one : refused) System.err.println("masugata: " + Table.plain(((Json.Str) one).value()));
        }
        return refused.isEmpty() ? 0 : Failure.FAILED;
    }

    private static void report(Json.Obj it) {
        boolean held = text(it, "class").equals("unconfirmed") && text(it, "tool").indexOf(':') < 0;
        System.out.println((it.isTrue("new") ? "approved  " : "unchanged ") + Table.plain(text(it, "tool"))
                + (text(it, "tool").indexOf(':') < 0 ? "  " + text(it, "class") : "")
                + it.string("review").map(day -> "  to be looked at again at " + day).orElse("")
                + (held ? "  (held at every call; give a class with --class)" : ""));
    }
}
