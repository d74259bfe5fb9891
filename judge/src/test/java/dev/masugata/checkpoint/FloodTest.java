package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.ledger.LedgerLimits;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Reason;
import dev.masugata.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One hostile session of fifty: the others keep their p99, as a ratio within one run.
class FloodTest {
    /// What the flood may cost the others; measured are 1 to 3 times.
    private static final double MOST = 8;

    private static final Policy ALLOWS = new Policy() {
        @Override
        public Decision decide(Evidence evidence, Set<String> lifted) {
            return new Decision.Allow(List.of(new Reason("yes", "")));
        }

        @Override
        public String digest() {
            return "test";
        }
    };

    @Test
    void theOthersKeepTheirTime(@TempDir Path home) throws Exception {
        // As configuration has them where nobody says otherwise.
        var rates = Map.of("caller", new RateLimits.Rate(200, 400), "tool", new RateLimits.Rate(100, 200));
        var result = FloodBench.run(home, ALLOWS, rates, LedgerLimits.DEFAULT);
        FloodBench.print(result, false, System.out);
        assertTrue(result.flood() > 1_000, "no flood: " + result);
        assertTrue(result.ratio() < MOST, "the others noticed: " + result);
    }
}
