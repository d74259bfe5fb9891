package dev.masugata.checkpoint;

import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerLimits;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.Policy;
import dev.masugata.provenance.Provenance;
import dev.masugata.wire.Json;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Measures what 49 sessions notice of a fiftieth that asks for all it can get: their p99 beside it and without it,
/// in alternating rounds of one run.
public final class FloodBench {
    private static final int OTHERS = 49;
    private static final int CALLS = 40;
    private static final int ROUNDS = 3;
    private static final int FLOODERS = 8;

    private final Checkpoint checkpoint;
    private final LongAdder flooded = new LongAdder();

    private FloodBench(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /// @param aloneNanos  p99 of the 49 sessions' calls, the median round
    /// @param besideNanos the same, beside the flood
    /// @param flood       what the fiftieth tried meanwhile
    public record Result(long aloneNanos, long besideNanos, long flood) {
        public double ratio() {
            return besideNanos / (double) aloneNanos;
        }
    }

    /// @param directory an empty one, for the ledger
    /// @param rates     by dimension, as configuration has them
    /// @param limits    of the ledger
    public static Result run(Path directory, Policy policy, Map<String, RateLimits.Rate> rates, LedgerLimits limits)
            throws InterruptedException {
        try (var ledger = Ledger.open(LedgerOptions.at(directory).withLimits(limits))) {
            var checkpoint = new Checkpoint(
                    new Journal(ledger, InstantSource.system()), () -> policy, List.of(), new Provenance(_ -> Set.of()),
                    new RateLimits(rates, System::nanoTime), NamedFiles.NONE, Settings.DEFAULT, InstantSource.system());
            return new FloodBench(checkpoint).run();
        }
    }

    /// As [#run], printed.
    public static void print(Result result, boolean json, PrintStream out) {
        long alone = result.aloneNanos() / 1000;
        long beside = result.besideNanos() / 1000;
        if (json) out.println(Json.object("floodAloneP99Micros", Json.of(alone)).with("floodBesideP99Micros", beside));
        else out.printf(
                "flood: p99 of 49 sessions %d us alone, %d us beside a 50th that tried %d things (%.1f times)%n",
                alone, beside, result.flood(), result.ratio());
    }

    private Result run() throws InterruptedException {
        p99();
        var alone = new ArrayList<Long>();
        var beside = new ArrayList<Long>();
        for (int round = 0; round < ROUNDS; round++) {
            alone.add(p99());
            beside.add(besideAFlood());
        }
        return new Result(median(alone), median(beside), flooded.sum());
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private long besideAFlood() throws InterruptedException {
        var over = new AtomicBoolean();
        var flooders = new ArrayList<Thread>();
        for (int i = 0; i < FLOODERS; i++) flooders.add(Thread.ofPlatform().start(() -> flood(over)));
        long p99 = p99();
        over.set(true);
        for (var flooder : flooders) flooder.join();
        return p99;
    }

    /// Calls, and messages that cannot be read, as fast as it can.
    private void flood(AtomicBoolean over) {
        var hostile = session(OTHERS);
        while (!over.get()) {
            checkpoint.judge(hostile, call(), HERE, Waiting.NONE);
            checkpoint.saw(hostile, hostile.agent().id(), new Finding("mcp/malformed", Severity.LOW, ""));
            flooded.add(2);
        }
    }

    private long p99() throws InterruptedException {
        var times = new long[OTHERS * CALLS];
        var done = new CountDownLatch(OTHERS);
        for (int session = 0; session < OTHERS; session++) {
            int mine = session;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < CALLS; i++) times[mine * CALLS + i] = judge(session(mine));
                done.countDown();
            });
        }
        done.await();
        Arrays.sort(times);
        return times[times.length * 99 / 100];
    }

    private long judge(Session session) {
        long began = System.nanoTime();
        if (!(checkpoint.judge(session, call(), HERE, Waiting.NONE) instanceof Permit))
            throw new IllegalStateException("a session that did nothing wrong was refused");
        return System.nanoTime() - began;
    }

    private static final Circumstance HERE = new Circumstance("sealed", ToolClass.READ, "", false);

    private static Session session(int number) {
        var agent = new Principal.Agent("agent-" + number, "bench", Set.of());
        return new Session("s-" + number, agent, "", Session.Kind.SEALED);
    }

    private static Action.ToolCall call() {
        var params = Json.object("name", "read_file").with("arguments", Json.object("path", "/srv/notes.txt"));
        return new Action.ToolCall("files", "read_file", params);
    }
}
