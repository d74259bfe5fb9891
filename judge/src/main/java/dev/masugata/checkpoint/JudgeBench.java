package dev.masugata.checkpoint;

import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerLimits;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.Policy;
import dev.masugata.provenance.Provenance;
import dev.masugata.wire.Json;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Measures `judge` with its record: from the call to the durable decision, with 1, 8 and 64 callers at once.
public final class JudgeBench {
    private static final int CALLS = 6_000;
    private static final int WARM = 2_000;

    private JudgeBench() {}

    /// @param directory an empty one, for the ledger
    public static void run(Path directory, Policy policy, boolean json, PrintStream out) throws InterruptedException {
        var limits = LedgerLimits.DEFAULT.withSession(100_000_000, 100L << 30, 100_000);
        try (var ledger = Ledger.open(LedgerOptions.at(directory).withLimits(limits))) {
            var checkpoint = new Checkpoint(
                    new Journal(ledger, InstantSource.system()), () -> policy, List.of(), new Provenance(_ -> Set.of()),
                    new RateLimits(Map.of(), System::nanoTime), NamedFiles.NONE, Settings.DEFAULT, InstantSource.system());
            measure(checkpoint, 8, WARM);
            for (int callers : new int[] {1, 8, 64}) print(callers, measure(checkpoint, callers, CALLS), json, out);
        }
    }

    /// The time of each call in nanoseconds, sorted.
    private static long[] measure(Checkpoint checkpoint, int callers, int calls) throws InterruptedException {
        var times = new long[calls];
        var done = new CountDownLatch(callers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < callers; caller++) {
                int mine = caller;
                threads.execute(() -> {
                    for (int i = mine; i < calls; i += callers) times[i] = judge(checkpoint, mine);
                    done.countDown();
                });
            }
            done.await();
        }
        Arrays.sort(times);
        return times;
    }

    private static long judge(Checkpoint checkpoint, int caller) {
        var session = new Session("s-" + caller, new Principal.Agent("bench", "bench", Set.of()), "", Session.Kind.TOKEN);
        var params = Json.object("name", "read_file").with("arguments", Json.object("path", "/srv/notes.txt"));
        var circumstance = new Circumstance("127.0.0.1", ToolClass.READ, "", false);
        long began = System.nanoTime();
        var verdict = checkpoint.judge(session, new Action.ToolCall("files", "read_file", params), circumstance, Waiting.NONE);
        if (!(verdict instanceof Permit)) throw new IllegalStateException("the benchmark's call was refused: " + verdict);
        return System.nanoTime() - began;
    }

    private static void print(int callers, long[] sorted, boolean json, PrintStream out) {
        long p50 = sorted[sorted.length / 2] / 1000;
        long p99 = sorted[sorted.length * 99 / 100] / 1000;
        if (json) out.println(Json.object("judgeCallers", Json.of(callers)).with("p50Micros", p50).with("p99Micros", p99));
        else out.printf("judge, %2d callers: p50 %d us, p99 %d us%n", callers, p50, p99);
    }
}
