package dev.masugata.ledger;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Measures what the proofs cost: the ledger beside the same table, rows and batches without any hashing, in turns,
/// in one process.
///
/// The plain table gets its rows ready-made; the ledger is charged with all it does for an event, from its caller's
/// thread to the disk.
public final class LedgerBench {
    private static final int ROWS = 3000;
    private static final int SESSIONS = 50;

    private final Path directory;
    private final int batch;
    private final Duration length;
    private final List<Item> items = new ArrayList<>();

    private LedgerBench(Path directory, int batch, Duration length) {
        this.directory = directory;
        this.batch = batch;
        this.length = length;
        for (var event : events()) items.add(Item.of(event, new SecureRandom()));
    }

    /// One way of writing, over one round.
    ///
    /// @param commits each is one fsync
    private record Round(long events, double seconds, double cpuMicros, long commits) {
        double rate() {
            return events / seconds;
        }
    }

    /// What was measured with one size of batches: medians over the rounds.
    ///
    /// @param ratio of events per second, the ledger's to the plain table's
    public record Result(
            int batch, double plainPerSecond, double ledgerPerSecond, double ratio, double plainCpuMicros,
            double ledgerCpuMicros, double ledgerEventsPerCommit) {}

    /// Measures with batches of 500 and of 8, and prints a line for each.
    ///
    /// @param directory is made; databases in it are deleted again
    public static List<Result> run(Path directory, int rounds, Duration length, boolean json, PrintStream out) {
        var results = new ArrayList<Result>();
        for (int batch : new int[] {500, 8}) {
            var result = new LedgerBench(directory, batch, length).measure(rounds);
            results.add(result);
            out.println(json ? json(result) : text(result));
        }
        return results;
    }

    private Result measure(int rounds) {
        var plain = new ArrayList<Round>();
        var ledger = new ArrayList<Round>();
        try {
            // The first round of each warms up, and does not count.
            for (int round = 0; round <= rounds; round++) {
                var one = inFreshHome(this::plain);
                var two = inFreshHome(this::ledger);
                if (round == 0) continue;
                plain.add(one);
                ledger.add(two);
            }
        } catch (IOException | SQLException e) {
            throw new LedgerUnavailable("the measurement failed: " + e.getMessage(), e);
        }
        var a = median(plain);
        var b = median(ledger);
        return new Result(
                batch, a.rate(), b.rate(), b.rate() / a.rate(), a.cpuMicros(), b.cpuMicros(),
                (double) b.events() / b.commits());
    }

    private static Round median(List<Round> rounds) {
        return rounds.stream().sorted(Comparator.comparing(Round::rate)).toList().get(rounds.size() / 2);
    }

    private interface Way {
        Round write(Path home) throws IOException, SQLException;
    }

    private Round inFreshHome(Way way) throws IOException, SQLException {
        Files.createDirectories(directory);
        var home = Files.createTempDirectory(directory, "bench");
        try {
            return way.write(home);
        } finally {
            try (var files = Files.walk(home)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private Round plain(Path home) throws SQLException {
        var bodies = new ArrayList<byte[]>();
        for (var item : items) bodies.add(item.draft().finish(1, 1_000_000, new Stamp().of(0)));
        var leaf = new byte[Rfc6962.BYTES];
        try (var database = new Statements(new Database(home.resolve("plain.db")).writer(1L << 40, 0))) {
            var entry = database.of("entry.insert");
            var payload = database.of("payload.insert");
            var clock = new Clock();
            long seq = 0;
            long commits = 0;
            for (; clock.runs(); commits++) {
                for (int i = 0; i < batch; i++) {
                    int row = (int) (seq++ % items.size());
                    var item = items.get(row);
                    Book.insert(entry, seq, seq, item.columns(), bodies.get(row), leaf, null);
                    if (item.payload().length == 0) continue;
                    payload.setLong(1, seq);
                    payload.setBytes(2, item.salt());
                    payload.setBytes(3, item.payload());
                    payload.addBatch();
                }
                entry.executeBatch();
                payload.executeBatch();
                database.connection().commit();
            }
            return clock.round(seq, commits);
        }
    }

    private Round ledger(Path home) {
        var limits = LedgerLimits.DEFAULT.withBatch(batch).withSession(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, 1024);
        var events = items.stream().map(Item::event).toList();
        try (var ledger = Ledger.open(LedgerOptions.at(home).withLimits(limits))) {
            var clock = new Clock();
            long seq = 0;
            while (clock.runs()) {
                var group = new ArrayList<CompletableFuture<Long>>();
                for (int i = 0; i < 1000; i++) group.add(ledger.submit(events.get((int) (seq++ % events.size()))));
                // Half a group stays on its way, so that the writer never waits for us.
                group.get(500).join();
            }
            ledger.append(events.getFirst());
            return clock.round(seq + 1, ledger.commits());
        }
    }

    private final class Clock {
        private final long start = System.nanoTime();
        private final long cpu = cpuNanos();

        boolean runs() {
            return System.nanoTime() - start < length.toNanos();
        }

        Round round(long events, long commits) {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Round(events, seconds, (cpuNanos() - cpu) / 1e3 / events, commits);
        }

        private static long cpuNanos() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean it
                    ? it.getProcessCpuTime()
                    : 0;
        }
    }

    /// Calls as the MCP gate records them: asked, decided, done.
    private static List<Event> events() {
        var events = new ArrayList<Event>();
        var digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        for (int i = 0; i < ROWS / 3; i++) {
            var session = "s-" + i % SESSIONS;
            var agent = "agent:coder" + i % 7;
            var target = "files/tool_" + i % 40;
            var kind = Action.Kind.TOOL_CALL;
            var payload = Json.object("name", "tool_" + i % 40)
                    .with("arguments", Json.object("path", "/workspace/src/main/java/Part" + i + ".java"));
            events.add(new Event.Asked(session, agent, kind, target, digest, payload));
            events.add(new Event.Decided(
                    session, agent, 3L * i + 1, kind, target, digest, i % 20 == 0 ? Outcome.DENIED : Outcome.ALLOWED,
                    List.of(new Reason("builtin/read", "reading is allowed")), digest.substring(32), ""));
            events.add(new Event.Done(session, agent, 3L * i + 2, "ok", 581, 1001, 1500, Json.NULL));
        }
        return events;
    }

    private static String text(Result it) {
        return "batch %d: plain table %,.0f events/s (%.1f us CPU), ledger %,.0f events/s (%.1f us CPU), ratio %.2f, %.0f events to an fsync"
                .formatted(it.batch(), it.plainPerSecond(), it.plainCpuMicros(), it.ledgerPerSecond(),
                        it.ledgerCpuMicros(), it.ratio(), it.ledgerEventsPerCommit());
    }

    private static String json(Result it) {
        return JsonWriter.text(Json.object("batch", Json.of(it.batch()))
                .with("plain_events_per_second", Math.round(it.plainPerSecond()))
                .with("ledger_events_per_second", Math.round(it.ledgerPerSecond()))
                .with("ratio", new Json.Num("%.3f".formatted(it.ratio())))
                .with("plain_cpu_us", new Json.Num("%.2f".formatted(it.plainCpuMicros())))
                .with("ledger_cpu_us", new Json.Num("%.2f".formatted(it.ledgerCpuMicros())))
                .with("events_per_fsync", Math.round(it.ledgerEventsPerCommit())));
    }

    /// Runs by itself: `LedgerBench [--json] [directory]`.
    public static void main(String[] arguments) throws IOException {
        var left = new ArrayList<>(List.of(arguments));
        boolean json = left.remove("--json");
        var directory = left.isEmpty() ? Files.createTempDirectory("masugata-bench") : Path.of(left.getFirst());
        run(directory, 5, Duration.ofSeconds(2), json, System.out);
    }
}
