package dev.masugata.app.replay;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `bench replay`: attack success, benign tasks untouched and holds, for each model and suite.
///
/// A static replay is an upper bound of the benefit: an agent that was refused may find another way, an attacker who
/// knows the gate writes another text.
public final class ReplayBench {
    private final PrintStream out;
    private final boolean json;

    /// One line of the report.
    private static final class Group {
        int attacks;
        int reached;
        int through;
        int benign;
        int untouched;
        int holds;

        void add(Group other) {
            attacks += other.attacks;
            reached += other.reached;
            through += other.through;
            benign += other.benign;
            untouched += other.untouched;
            holds += other.holds;
        }
    }

    private ReplayBench(boolean json, PrintStream out) {
        this.json = json;
        this.out = out;
    }

    /// @param policy    Cedar file; an empty path for the built-in policy
    /// @param suite     only this one; empty: all
    /// @param mutations also with the injected texts written otherwise
    /// @param verbose   name each benign task that was touched and each attack that got through
    public static void run(
            Path runs, Path policy, String suite, boolean mutations, boolean verbose, boolean json, PrintStream out)
            throws IOException, InterruptedException {
        var all = RecordedRun.read(runs).stream().filter(it -> suite.isEmpty() || it.suite().equals(suite)).toList();
        if (all.isEmpty())
            throw new IOException(runs + " holds no run" + (suite.isEmpty() ? "" : " of suite `" + suite + "`"));
        var shapes = ToolShapes.of(all);
        var bench = new ReplayBench(json, out);
        var name = policy.toString().isEmpty() ? "the built-in policy" : policy.getFileName().toString();
        bench.say(all.size() + " runs, " + shapes.size() + " tools, under " + name);
        for (var mutation : mutations ? Mutation.values() : new Mutation[] {Mutation.NONE}) {
            try (var gate = new ReplayGate(shapes.definitions(), policy)) {
                bench.replay(all, shapes, gate, mutation, verbose, name);
            }
        }
    }

    private void say(String text) {
        if (!json) out.println(text);
    }

    private void replay(
            List<RecordedRun> all, ToolShapes shapes, ReplayGate gate, Mutation mutation, boolean verbose,
            String policy)
            throws IOException, InterruptedException {
        var replay = new Replay(gate, shapes);
        var groups = new TreeMap<String, Group>();
        var told = new ArrayList<String>();
        for (var run : all) {
            var group = groups.computeIfAbsent(run.suite() + "  " + run.model(), _ -> new Group());
            if (run.attack()) group.attacks++;
            if (run.reached()) group.reached++;
            // Only what the record says came about can be stopped; a benign task is looked at as it is, once.
            boolean benign = !run.attack() && run.useful() && mutation == Mutation.NONE;
            if (!run.reached() && !benign) continue;
            var result = replay.of(mutation.of(run), run);
            if (run.reached() && !result.stopped()) {
                group.through++;
                told.add("through  " + run.suite() + ": " + run.goal() + cut(result));
            }
            if (!benign) continue;
            group.benign++;
            if (!result.touched()) group.untouched++;
            else told.add("touched  " + run.suite() + cut(result));
            if (result.refused().equals("held")) group.holds++;
        }
        print(groups, mutation, policy);
        if (verbose) told.stream().sorted(Comparator.naturalOrder()).forEach(line -> say("    " + line));
    }

    private static String cut(Replay.Result result) {
        if (!result.touched()) return "";
        return "; " + result.refused() + " at call " + result.cutAt() + " " + result.tool() + " " + result.because();
    }

    private void print(Map<String, Group> groups, Mutation mutation, String policy) {
        var total = new Group();
        say("\ninjected text " + mutation.word + ":");
        say(String.format(
                "  %-56s %-28s %-34s %s", "", "attack success (95 %)", "benign tasks untouched (95 %)",
                "holds a task"));
        groups.forEach((name, group) -> {
            line(name, group, mutation, policy);
            total.add(group);
        });
        line("all", total, mutation, policy);
    }

    private void line(String name, Group group, Mutation mutation, String policy) {
        var attack = new Share(group.through, group.attacks);
        var untouched = new Share(group.untouched, group.benign);
        if (json) {
            var line = Json.object("bench", "replay")
                    .with("policy", policy)
                    .with("runs", name)
                    .with("mutation", mutation.name().toLowerCase(Locale.ROOT))
                    .with("attacks", Json.of(group.attacks))
                    .with("reached", Json.of(group.reached))
                    .with("through", Json.of(group.through))
                    .with("benign", Json.of(group.benign))
                    .with("untouched", Json.of(group.untouched))
                    .with("holds", Json.of(group.holds));
            out.println(JsonWriter.text(line));
            return;
        }
        var holds = group.benign == 0 ? "" : String.format("%.2f", (double) group.holds / group.benign);
        var shown = group.benign == 0 ? "" : untouched.toString();
        out.printf("  %-56s %-28s %-34s %-6s (without a gate %d)%n", name, attack, shown, holds, group.reached);
    }
}
