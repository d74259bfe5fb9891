package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.checkpoint.AnswerShape.Usage;
import dev.masugata.model.Action.ModelCall.Tokens;
import dev.masugata.model.Money;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelRateTest {
    private static Money usd(String amount) {
        return Money.of(amount, "USD").orElseThrow();
    }

    private static final ModelRate RATE =
            new ModelRate("p", "gpt-4o*", usd("2.50"), usd("1.25"), usd("3.75"), usd("10.00"), 16_384);

    @Test
    void tokensCostExactlyWhatTheyCost() {
        assertEquals(0, RATE.cost(new Usage(10, 0, 0, 5)).compareTo(usd("0.000075")));
        assertEquals(0, RATE.cost(new Usage(1, 1, 1, 1)).compareTo(usd("0.0000175")));
        assertEquals(0, RATE.most(new Tokens(1_000_000, 1_000_000)).compareTo(usd("13.75")));
    }

    @Test
    void noUsageWithinTheBoundsCostsMoreThanWasReserved() {
        var random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            long in = random.nextInt(100_000);
            long cached = random.nextLong(in + 1);
            long written = random.nextLong(in - cached + 1);
            long out = random.nextInt(10_000);
            var cost = RATE.cost(new Usage(in - cached - written, cached, written, out));
            assertTrue(cost.compareTo(RATE.most(new Tokens(in, out))) <= 0);
        }
    }

    @Test
    void aModelIsMeantByItsNameOrItsBeginning() {
        assertTrue(RATE.fits("p", "gpt-4o") && RATE.fits("p", "gpt-4o-2024-08-06"));
        assertFalse(RATE.fits("p", "gpt-4") || RATE.fits("q", "gpt-4o"));
    }

    @Test
    void anOddPriceIsNone() {
        assertThrows(IllegalArgumentException.class, () ->
                new ModelRate("p", "m", usd("1"), usd("1"), usd("1"), usd("0.0000001"), 1));
        assertThrows(IllegalArgumentException.class, () -> new ModelRate(
                "p", "m", usd("1"), usd("1"), Money.of("1", "EUR").orElseThrow(), usd("1"), 1));
        assertTrue(new Usage(0, 0, 0, 0).isOdd() && new Usage(-1, 0, 0, 5).isOdd());
    }
}
