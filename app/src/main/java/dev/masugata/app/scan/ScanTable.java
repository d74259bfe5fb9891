package dev.masugata.app.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Severity;
import dev.masugata.scan.Grade;
import dev.masugata.scan.Scan;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What a scan found, for people. What came from files is shown plainly: no character of it moves a cursor.
public final class ScanTable {
    /// Files that were not read and are named; the rest is counted.
    private static final int UNREAD = 8;

    private ScanTable() {}

    public static void print(PrintStream out, Scan.Result result, List<String> notes, Plain plain) {
        var inventory = result.inventory();
        for (var agent : inventory.assets()) if (agent.kind().equals("Agent")) agent(out, agent, result, plain);
        var counts = new TreeMap<String, Integer>();
        inventory.assets().forEach(it -> counts.merge(it.kind(), 1, Integer::sum));
        var words = new ArrayList<String>();
        counts.forEach((kind, count) -> words.add(count + " " + kind));
        out.println("found     " + String.join(", ", words));
        out.println();
        for (var it : inventory.weaknesses()) {
            out.printf("%-9s %s  %s%n", it.severity().word(), it.check(), plain.of(it.says()));
            if (!it.file().isEmpty()) out.println("          " + plain.of(it.file())
                    + (it.line() > 0 ? ":" + it.line() : ""));
            out.println("          " + plain.of(it.mend()) + "  (" + it.id() + ")");
        }
        if (!inventory.weaknesses().isEmpty()) out.println();
        end(out, result, notes, plain);
    }

    /// How a text from outside is shown.
    public interface Plain {
        String of(String text);
    }

    private static void agent(PrintStream out, Asset agent, Scan.Result result, Plain plain) {
        var names = new TreeMap<String, String>();
        result.inventory().assets().forEach(it -> names.put(it.id(), it.kind() + " " + it.name()));
        out.println(plain.of(agent.name() + "  " + agent.attributes().get("place")));
        if (agent.attributes().get("files") instanceof List<?> files)
            files.forEach(it -> out.println("  file    " + plain.of(String.valueOf(it))));
        for (var one : result.inventory().relations()) {
            if (!one.from().equals(agent.id())) continue;
            var name = names.getOrDefault(one.to(), one.to());
            var word = switch (one.kind()) {
                case "HOLDS" -> "key   ";
                case "USES" -> "uses  ";
                case "EXPOSES" -> "opens ";
                case String _ -> "runs  ";
            };
            out.println("  " + word + "  " + plain.of(name));
        }
    }

    private static void end(PrintStream out, Scan.Result result, List<String> notes, Plain plain) {
        var coverage = result.coverage();
        var by = new TreeMap<Severity, Integer>();
        result.inventory().weaknesses().forEach(it -> by.merge(it.severity(), 1, Integer::sum));
        var words = new ArrayList<String>();
        by.descendingMap().forEach((severity, count) -> words.add(count + " " + severity.word()));
        out.println("grade " + Grade.of(result.inventory().weaknesses()) + ": "
                + (words.isEmpty() ? "nothing found" : String.join(", ", words)));
        out.printf("read %,d of %,d files, %,d of %,d bytes%s%n", coverage.read(), coverage.files(),
                coverage.analysed(),
                coverage.bytes(), coverage.complete() ? "" : "; it ended early, the next scan goes on");
        coverage.unread().stream().limit(UNREAD).forEach(it ->
                out.println("not read: " + plain.of(it.file() + ": " + it.why())));
        if (coverage.unread().size() > UNREAD) out.println("not read: " + (coverage.unread().size() - UNREAD)
                + " more");
        notes.forEach(it -> out.println(plain.of(it)));
    }
}
