package dev.masugata.it;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What the conformance suite found: the worst status of each check of each scenario that ran.
///
/// @param said what it said of those that failed
record Verdicts(SortedMap<Check, Status> found, SortedMap<Check, String> said) {
    /// Of nothing that ran.
    static final Verdicts NONE = new Verdicts(new TreeMap<>(), new TreeMap<>());

    /// A check within a scenario. The suite repeats an id for several occurrences: they count as one.
    record Check(String scenario, String id) implements Comparable<Check> {
        @Override
        public int compareTo(Check other) {
            return Comparator.comparing(Check::scenario).thenComparing(Check::id).compare(this, other);
        }

        @Override
        public String toString() {
            return scenario + " " + id;
        }
    }

    /// Worst last.
    enum Status {
        INFO,
        SKIPPED,
        SUCCESS,
        WARNING,
        FAILURE
    }

    private static final Pattern DIRECTORY = Pattern.compile("(.+)-\\d{4}-\\d\\d-\\d\\dT[\\d-]+Z");

    /// Reads what the suite left in its output directory.
    ///
    /// @param face `server` or `client`; the suite puts the former before the names of its directories
    static Verdicts of(Path output, String face) throws IOException {
        var found = new TreeMap<Check, Status>();
        var said = new TreeMap<Check, String>();
        try (var files = Files.walk(output)) {
            for (var file : files.filter(it -> it.endsWith("checks.json")).toList()) {
                var directory = DIRECTORY.matcher(output.relativize(file.getParent()).toString());
                if (!directory.matches()) throw new IOException("not named as the suite does: " + file);
                var name = directory.group(1);
                if (face.equals("server")) name = name.substring("server-".length());
                for (var check : RawClient.object("{\"all\":" + Files.readString(file) + "}").items("all")) {
                    var fields = (Json.Obj) check;
                    var status = Status.valueOf(fields.string("status").orElseThrow());
                    var known = new Check(name, fields.string("id").orElseThrow());
                    found.merge(known, status, Verdicts::worse);
                    if (status == Status.FAILURE) said.put(known, fields.string("errorMessage").orElse(""));
                }
            }
        }
        return new Verdicts(found, said);
    }

    private static Status worse(Status one, Status other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    SortedSet<Check> failed() {
        var failed = new TreeSet<Check>();
        found.forEach((check, status) -> {
            if (status == Status.FAILURE) failed.add(check);
        });
        return failed;
    }

    SortedSet<String> scenarios() {
        var names = new TreeSet<String>();
        for (var check : found.keySet()) names.add(check.scenario());
        return names;
    }

    long count(Status status) {
        return found.values().stream().filter(it -> it == status).count();
    }

    /// What failed here and not in another run, one line each with what the suite said.
    String worseThan(Verdicts other) {
        var lines = new StringBuilder();
        for (var check : failed())
            if (other.found.get(check) != Status.FAILURE) lines.append(check + ": " + said.get(check) + "\n");
        return lines.toString();
    }

    /// The checks of this and of others.
    Verdicts with(Verdicts others) {
        var all = new TreeMap<>(found);
        all.putAll(others.found);
        var messages = new TreeMap<>(said);
        messages.putAll(others.said);
        return new Verdicts(all, messages);
    }

    /// One line a scenario: how many checks passed and failed in each of the columns.
    static String table(Map<String, Verdicts> columns) {
        var scenarios = new TreeSet<String>();
        for (var column : columns.values()) scenarios.addAll(column.scenarios());
        var table = new StringBuilder("%-50s".formatted("scenario (passed/failed)"));
        for (var name : columns.keySet()) table.append("%12s".formatted(name));
        for (var scenario : scenarios) {
            table.append("%n%-50s".formatted(scenario));
            for (var column : columns.values()) table.append("%12s".formatted(column.cell(scenario)));
        }
        return table.append('\n').toString();
    }

    private String cell(String scenario) {
        Collection<Status> statuses = found.entrySet().stream()
                .filter(it -> it.getKey().scenario().equals(scenario))
                .map(Map.Entry::getValue)
                .toList();
        if (statuses.isEmpty()) return "not run";
        long passed = statuses.stream().filter(it -> it == Status.SUCCESS).count();
        return passed + "/" + statuses.stream().filter(it -> it == Status.FAILURE).count();
    }
}
