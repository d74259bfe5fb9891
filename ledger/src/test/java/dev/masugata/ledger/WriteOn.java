package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.util.List;

/// Records from many threads until it is killed, and says which numbers were acknowledged, each with its text.
final class WriteOn {
    private WriteOn() {}

    public static void main(String[] arguments) throws InterruptedException {
        var ledger = Ledger.open(LedgerOptions.at(Path.of(arguments[0])));
        var threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            int caller = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; ; i++) {
                    var text = arguments[1] + "-" + caller + "-" + i;
                    var session = "s-" + caller;
                    var asked = Samples.asked(session, text);
                    long seq = i % 5 == 0
                            ? ledger.appendAll(List.of(asked, Samples.found(session, Ledger.FIRST)))
                            : ledger.append(asked);
                    if (i % 7 == 0) ledger.append(Sessions.raised(Samples.HOUSE, session, "l" + i, Json.EMPTY));
                    synchronized (System.out) {
                        System.out.println(seq + " " + text + " .");
                        System.out.flush();
                    }
                }
            });
        }
        for (var thread : threads) thread.join();
    }
}
