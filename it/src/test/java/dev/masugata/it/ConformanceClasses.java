package dev.masugata.it;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The failures that are known, from `resources/conformance/classes.txt`: which check of which run, and why.
record ConformanceClasses(List<Row> rows) {
    /// @param run `SET alone` for the fixture by itself, `SET over UPSTREAM` for the gate before a fixture of another
    ///     era, `SET client` for scenarios that the client does not run
    /// @param check the id, or `*` for each one
    record Row(String run, String scenario, String check, String reason) {
        boolean covers(Verdicts.Check other) {
            return scenario.equals(other.scenario()) && (check.equals("*") || check.equals(other.id()));
        }
    }

    static ConformanceClasses read() throws IOException {
        var rows = new ArrayList<Row>();
        var file = Gate.ROOT.resolve("it/src/test/resources/conformance/classes.txt");
        for (var line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) continue;
            var cells = line.split(" *\\| *", -1);
            if (cells.length != 4 || cells[3].isBlank())
                throw new IOException("four cells a line, the last a reason: " + line);
            rows.add(new Row(cells[0].strip(), cells[1], cells[2], cells[3]));
        }
        return new ConformanceClasses(List.copyOf(rows));
    }

    List<Row> of(String run) {
        return rows.stream().filter(it -> it.run().equals(run)).toList();
    }

    /// What fails and is not known to.
    SortedSet<Verdicts.Check> unknown(String run, SortedSet<Verdicts.Check> failed) {
        var unknown = new TreeSet<>(failed);
        unknown.removeIf(check -> of(run).stream().anyMatch(row -> row.covers(check)));
        return unknown;
    }

    /// Rows of which nothing fails any more: they are to be taken out.
    List<Row> stale(String run, SortedSet<Verdicts.Check> failed) {
        return of(run).stream().filter(row -> failed.stream().noneMatch(row::covers)).toList();
    }
}
