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
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Measures what the proofs cost: the ledger beside the same table, rows and batches without any hashing, in turns,
/// in one process.
///
/// The plain table gets its rows ready-made; the ledger is charged with all it does for an event, from its caller's
/// thread to the disk.
public final class LedgerBench {
    private static final int ROWS = 3000;
    private static final int SESSIONS = 50;
    /// Events that are handed over before the ones ahead of them are waited for.
    private static final int AHEAD = 1000;
    /// Rounds that do not count.
    private static final int WARM_UP = 6;

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
        try {
            Files.createDirectories(directory);
            var home = Files.createTempDirectory(directory, "bench");
            try (var plain = new Plain(home);
                    var ledger = new Kept(home)) {
                return measure(rounds, plain, ledger);
            } finally {
                try (var files = Files.walk(home)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
                }
            }
        } catch (IOException | SQLException e) {
            throw new LedgerUnavailable("the measurement failed: " + e.getMessage(), e);
        }
    }

    private Result measure(int rounds, Plain plain, Kept ledger) throws SQLException {
        var ones = new ArrayList<Round>();
        var others = new ArrayList<Round>();
        for (int round = -WARM_UP; round < rounds; round++) {
            var one = plain.write();
            var other = ledger.write();
            if (round < 0) continue;
            ones.add(one);
            others.add(other);
        }
        double ratio = median(rounds, i -> others.get(i).rate() / ones.get(i).rate());
        return new Result(
                batch, median(rounds, i -> ones.get(i).rate()), median(rounds, i -> others.get(i).rate()), ratio,
                median(rounds, i -> ones.get(i).cpuMicros()), median(rounds, i -> others.get(i).cpuMicros()),
                median(rounds, i -> (double) others.get(i).events() / others.get(i).commits()));
    }

    private static double median(int rounds, IntToDoubleFunction of) {
        return IntStream.range(0, rounds).mapToDouble(of).sorted().skip(rounds / 2).findFirst().orElseThrow();
    }

    /// The same table without hashing: rows ready-made, one commit for each batch.
    private final class Plain implements AutoCloseable {
        private final List<byte[]> bodies = new ArrayList<>();
        private final byte[] leaf = new byte[Rfc6962.BYTES];
        private final Statements database;
        private long seq;

        Plain(Path home) throws SQLException {
            for (var item : items) bodies.add(item.draft().finish(1, 1_000_000, new Stamp().of(0)));
            database = new Statements(new Database(home.resolve("plain.db")).writer(1L << 40, 0));
        }

        Round write() throws SQLException {
            var clock = new Clock();
            long first = seq;
            long commits = 0;
            for (; clock.runs(); commits++) {
                for (int i = 0; i < batch; i++) add(seq++ % ROWS);
                database.of("entry.insert").executeBatch();
                database.of("payload.insert").executeBatch();
                database.connection().commit();
            }
            return clock.round(seq - first, commits);
        }

        private void add(long row) throws SQLException {
            var item = items.get((int) row);
            Book.insert(database.of("entry.insert"), seq, seq, item.columns(), bodies.get((int) row), leaf, null);
            if (item.payload().length > 0) Book.insert(database.of("payload.insert"), seq, item);
        }

        @Override
        public void close() throws SQLException {
            database.close();
        }
    }

    /// The ledger, as callers use it who do not wait for each event.
    private final class Kept implements AutoCloseable {
        private final Ledger ledger;
        private int next;

        Kept(Path home) {
            long endless = Long.MAX_VALUE / 2;
            var limits = LedgerLimits.DEFAULT.withBatch(batch).withSession(endless, endless, 4096);
            ledger = Ledger.open(LedgerOptions.at(home).withLimits(limits));
        }

        Round write() {
            var clock = new Clock();
            long first = ledger.size();
            long commits = ledger.commits();
            var before = CompletableFuture.completedFuture(0L);
            while (clock.runs()) {
                var last = before;
                for (int i = 0; i < AHEAD; i++) last = ledger.submit(items.get(next++ % ROWS).event());
                // One chunk is always on its way, so that the writer never waits for us.
                before.join();
                before = last;
            }
            before.join();
            return clock.round(ledger.size() - first, ledger.commits() - commits);
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    /// One round's time.
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
        return ("batch %d: plain table %,.0f events/s (%.1f us CPU), ledger %,.0f events/s (%.1f us CPU), "
                        + "ratio %.2f, %.0f events to an fsync")
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
        run(directory, 20, Duration.ofMillis(500), json, System.out);
    }
}
