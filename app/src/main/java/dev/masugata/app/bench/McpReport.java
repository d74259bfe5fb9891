package dev.masugata.app.bench;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What `bench mcp` says: a line for each contender and load, of the medians of its rounds, and how it stands to the
/// goals.
///
/// @param seconds      length of each measure
/// @param agentgateway whether it was there to be measured
record McpReport(List<Measure> measures, double seconds, boolean agentgateway) {
    /// Calls for each processor second of the gate, beside those of mcp-proxy: at least.
    private static final double CALLS_GOAL = 15;
    /// The time that 99 of 100 calls take at most, beside that of mcp-proxy at the same fixed rate: at most.
    private static final double P99_GOAL = 0.1;

    private static final String OURS = "masugata, stdio";
    private static final String PROXY = "mcp-proxy, stdio";
    private static final String AGENTGATEWAY = "agentgateway, stdio";

    /// A figure beside the same of another, and what it was meant to be.
    private record Ratio(String name, double ours, double theirs, double goal, boolean atMost) {
        double value() {
            return ours / theirs;
        }

        boolean isMet() {
            return atMost ? value() <= goal : value() >= goal;
        }

        Json.Obj json() {
            return Json.object("name", name).with("ours", number(ours)).with("theirs", number(theirs))
                    .with("ratio", number(value())).with("goal", number(goal))
                    .with("met", Json.of(isMet()));
        }
    }

    private Map<String, List<Measure>> rows() {
        var rows = new LinkedHashMap<String, List<Measure>>();
        for (var it : measures)
            rows.computeIfAbsent(it.contender() + "\n" + load(it), _ -> new ArrayList<>()).add(it);
        return rows;
    }

    private static String load(Measure it) {
        return it.isClosed() ? it.connections() + " at once" : String.format(Locale.ROOT, "%.0f/s", it.rate());
    }

    private static double median(List<Measure> row, ToDoubleFunction<Measure> of) {
        var sorted = row.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private List<Measure> of(String contender, boolean closed) {
        return measures.stream()
                .filter(it -> it.contender().equals(contender) && it.isClosed() == closed)
                .filter(it -> !closed || it.connections() == McpBench.USUAL)
                .toList();
    }

    private List<Ratio> ratios() {
        var ratios = new ArrayList<Ratio>();
        ratios.add(new Ratio(
                "calls for each processor second, beside mcp-proxy, " + McpBench.USUAL + " at once",
                median(of(OURS, true), Measure::callsPerGateSecond),
                median(of(PROXY, true), Measure::callsPerGateSecond), CALLS_GOAL, false));
        ratios.add(new Ratio(
                "p99 in ms, beside mcp-proxy, at the same fixed rate",
                median(of(OURS, false), it -> it.sample().millis(99)),
                median(of(PROXY, false), it -> it.sample().millis(99)), P99_GOAL, true));
        if (agentgateway)
            ratios.add(new Ratio(
                    "calls for each processor second, beside agentgateway, " + McpBench.USUAL + " at once",
                    median(of(OURS, true), Measure::callsPerGateSecond),
                    median(of(AGENTGATEWAY, true), Measure::callsPerGateSecond), 1, false));
        return ratios;
    }

    /// Prints it for people, or as one JSON object.
    void print(boolean json, PrintStream out) {
        if (json) out.println(JsonWriter.text(object()));
        else table(out);
    }

    // --- for people ------------------------------------------------------------------------------------------------

    private static final String FORM = "%-20s %-10s %9s %8s %8s %10s %9s %8s %7s %7s %7s %7s  %s%n";

    private void table(PrintStream out) {
        out.printf(Locale.ROOT, "medians of rounds of %.0f s, after warming up. CPU/1000: processor seconds of the gate"
                + " for 1,000 calls; from `gate` to `others`: which of the %d processors were kept busy by whom%n%n",
                seconds, measures.getFirst().cores());
        out.printf(FORM, "", "load", "calls/s", "p50 ms", "p99 ms", "CPU/1000", "calls/CPU", "RSS MiB", "gate",
                "server", "load", "others", "ceiling");
        rows().values().forEach(row -> line(row, out));
        out.println();
        for (var it : ratios())
            out.printf(Locale.ROOT, "%s: %.2f to %.2f, ratio %.3f; goal %s %.1f: %s%n", it.name(), it.ours(),
                    it.theirs(), it.value(), it.atMost() ? "at most" : "at least", it.goal(),
                    it.isMet() ? "met" : "missed");
        if (!agentgateway) out.println("agentgateway: not measured: no binary; name one in AGENTGATEWAY");
        for (var it : measures)
            if (it.sample().failed() > 0)
                out.println(it.contender() + ", " + load(it) + ", round " + it.round() + ": " + it.sample().failed()
                        + " calls were not answered as they should be, and are not counted; one of them: "
                        + it.sample().fault());
    }

    private static void line(List<Measure> row, PrintStream out) {
        var first = row.getFirst();
        out.printf(FORM, first.contender(), load(first), text(row, "%.0f", it -> it.sample().rate()),
                text(row, "%.2f", it -> it.sample().millis(50)), text(row, "%.2f", it -> it.sample().millis(99)),
                text(row, "%.3f", Measure::gatePerThousand), text(row, "%.0f", Measure::callsPerGateSecond),
                text(row, "%.0f", it -> it.cost().resident() / 1024.0),
                text(row, "%.2f", it -> it.busy(it.cost().gate())),
                text(row, "%.2f", it -> it.busy(it.cost().server())),
                text(row, "%.2f", it -> it.busy(it.cost().load())),
                text(row, "%.2f", Measure::busyElsewhere), ceiling(row).orElse(""));
    }

    private static String text(List<Measure> row, String form, ToDoubleFunction<Measure> of) {
        double median = median(row, of);
        return Double.isInfinite(median) ? "-" : String.format(Locale.ROOT, form, median);
    }

    /// What was the ceiling in most rounds.
    private static Optional<String> ceiling(List<Measure> row) {
        if (!row.getFirst().isClosed()) return Optional.empty();
        var counts = new LinkedHashMap<String, Integer>();
        for (var it : row) counts.merge(it.ceiling(), 1, Integer::sum);
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    // --- for programs ----------------------------------------------------------------------------------------------

    private Json.Obj object() {
        var rows = new ArrayList<Json>();
        rows().values().forEach(row -> rows.add(object(row)));
        var missing = agentgateway ? List.<String>of() : List.of("agentgateway: no binary");
        return Json.object("bench", "mcp").with("seconds", number(seconds))
                .with("processors", Json.of(measures.getFirst().cores()))
                .with("rows", new Json.Arr(rows))
                .with("ratios", new Json.Arr(ratios().stream().<Json>map(Ratio::json).toList()))
                .with("notMeasured", Json.strings(missing));
    }

    private static Json.Obj object(List<Measure> row) {
        var first = row.getFirst();
        var object = Json.object("contender", first.contender()).with("connections", Json.of(first.connections()))
                .with("fixedRate", number(first.rate()))
                .with("callsPerSecond", number(median(row, it -> it.sample().rate())))
                .with("p50Millis", number(median(row, it -> it.sample().millis(50))))
                .with("p99Millis", number(median(row, it -> it.sample().millis(99))))
                .with("gateSecondsPer1000", number(median(row, Measure::gatePerThousand)))
                .with("gateResidentMib", number(median(row, it -> it.cost().resident() / 1024.0)))
                .with("gateBusy", number(median(row, it -> it.busy(it.cost().gate()))))
                .with("serverBusy", number(median(row, it -> it.busy(it.cost().server()))))
                .with("generatorBusy", number(median(row, it -> it.busy(it.cost().load()))))
                .with("othersBusy", number(median(row, Measure::busyElsewhere)))
                .with("failed", Json.of(row.stream().mapToInt(it -> it.sample().failed()).sum()));
        var ceiling = ceiling(row);
        return ceiling.isPresent() ? object.with("ceiling", ceiling.get()) : object;
    }

    private static Json number(double value) {
        // Where a gate used less than can be told, there is no number.
        if (!Double.isFinite(value)) return Json.NULL;
        return new Json.Num(BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).toPlainString());
    }
}
