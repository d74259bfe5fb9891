package dev.masugata.ledger;

import java.io.IOException;
import java.nio.file.Path;

/// Records until it cannot, in a process that the test has limited; prints `full` and the last acknowledged number.
final class FillUp {
    private FillUp() {}

    public static void main(String[] arguments) throws IOException {
        var options = LedgerOptions.at(Path.of(arguments[0]));
        long last = 0;
        try (var ledger = Ledger.open(options.withLimits(options.limits().withSize(1L << 32, 1 << 20, 64 * 1024)))) {
            System.out.println("open");
            System.in.read();
            while (last < 100_000) last = ledger.append(Samples.asked("s-" + last, "x".repeat(20_000)));
            System.out.println("never " + last);
        } catch (LedgerUnavailable full) {
            System.out.println("full " + last);
        }
    }
}
