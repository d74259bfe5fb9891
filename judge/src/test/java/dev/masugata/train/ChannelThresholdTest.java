package dev.masugata.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.ModelFile;
import dev.masugata.model.Channel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelThresholdTest {
    private static List<String> traffic(long seed) {
        return Corpus.of(List.of("held-english", "held-japanese", "english"), seed, 120).stream()
                .filter(it -> !it.hostile() && it.channel() == Channel.TOOL_RESULT)
                .map(Example::text)
                .toList();
    }

    /// The rate on traffic that was not seen is within twice and half the one chosen.
    @Test
    void theRealisedRateIsWithinTwiceTheChosenOne() {
        var model = ModelFile.shipped();
        var seen = traffic(1);
        var unseen = traffic(2);
        for (double rate : new double[] {0.05, 0.01}) {
            var threshold = new ChannelThreshold(model, Channel.TOOL_RESULT, rate);
            seen.forEach(threshold::add);
            var learnt = threshold.learnt();
            var calibrated = Calibration.none(model).with(Channel.TOOL_RESULT, learnt).applied(model);
            var realised = new Interval(0, 0);
            for (var text : unseen)
                realised = realised.and(calibrated.score(Channel.TOOL_RESULT, text)
                        >= calibrated.head(Channel.TOOL_RESULT).flag());
            assertTrue(realised.rate() < rate * 2 && realised.rate() > rate / 2, rate + " became " + realised);
        }
    }

    @Test
    void tooFewTextsAreNoCalibration() {
        var threshold = new ChannelThreshold(ModelFile.shipped(), Channel.USER, 0.01);
        for (int i = 0; i < 1_999; i++) threshold.add("the cat sat on mat " + i);
        assertEquals(2_000, threshold.needed());
        assertThrows(IllegalStateException.class, threshold::learnt);
        threshold.add("the dog too");
        assertEquals(0.01, threshold.learnt().rate());
    }
}
