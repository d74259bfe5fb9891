package dev.masugata.ledger;

import java.nio.file.Path;

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
                    long seq = i % 5 == 0
                            ? ledger.appendAll(java.util.List.of(Samples.asked("s-" + caller, text), Samples.found("s-" + caller, Ledger.FIRST)))
                            : ledger.append(Samples.asked("s-" + caller, text));
                    if (i % 7 == 0) ledger.append(Sessions.raised(Samples.HOUSE, "s-" + caller, "l" + i, dev.masugata.wire.Json.EMPTY));
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
