package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
    @TempDir
    Path directory;

    private static ScoreSketch scores(long seed, int count) {
        var random = new Random(seed);
        var sketch = new ScoreSketch();
        for (int i = 0; i < count; i++) sketch.add(random.nextGaussian() * 2 - 3);
        return sketch;
    }

    @Test
    void aThresholdIsWithinOneStepOfTheExactOne() {
        var random = new Random(5);
        var sketch = new ScoreSketch();
        var exact = new double[20_000];
        for (int i = 0; i < exact.length; i++) sketch.add(exact[i] = random.nextGaussian() * 2 - 3);
        java.util.Arrays.sort(exact);
        for (double rate : new double[] {0.2, 0.05, 0.01, 0.001}) {
            double threshold = sketch.threshold(rate);
            // The highest score that would be one too many: every threshold above it will do.
            double tooLow = exact[exact.length - (int) (rate * exact.length) - 1];
            long above = java.util.Arrays.stream(exact).filter(it -> it >= threshold).count();
            assertTrue(above <= rate * exact.length, above + " at " + rate);
            assertTrue(threshold > tooLow && threshold <= tooLow + ScoreSketch.STEP + 1e-9, threshold + " at " + rate);
        }
    }

    @Test
    void scoresBeyondTheEdgeAreCounted() {
        var sketch = new ScoreSketch();
        for (double odd : new double[] {-1e9, 1e9, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}) sketch.add(odd);
        assertEquals(4, sketch.seen());
        assertEquals(ScoreSketch.EDGE, sketch.threshold(0.2));
    }

    @Test
    void itIsReadAsItWasWrittenAndUsedForItsWeightsAlone() throws Exception {
        var model = ModelFile.of(ModelFile.bytes(ModelFileTest.heads(1)));
        var learnt = new Calibration.Learnt(0.01, scores(1, 5_000));
        var file = directory.resolve("calibration.json");
        Calibration.none(model).with(Channel.USER, learnt).write(file);
        var read = Calibration.read(file);
        assertEquals(learnt.threshold(), read.channels().get(Channel.USER).threshold());
        var applied = read.applied(model);
        assertEquals((float) learnt.threshold(), applied.head(Channel.USER).flag());
        assertEquals(model.head(Channel.MEMORY).flag(), applied.head(Channel.MEMORY).flag());
        assertTrue(applied.head(Channel.USER).strong() > applied.head(Channel.USER).flag());
        var other = ModelFile.of(ModelFile.bytes(ModelFileTest.heads(2)));
        assertEquals(other.head(Channel.USER).flag(), read.applied(other).head(Channel.USER).flag());
    }

    @Test
    void whatIsNoCalibrationIsRefused() throws Exception {
        for (var wrong : new String[] {
            "",
            "[]",
            "{\"model\":\"x\",\"channels\":{\"nowhere\":{\"rate\":0.1,\"scores\":{}}}}",
            "{\"model\":\"x\",\"channels\":{\"user\":{\"rate\":0.9,\"scores\":{}}}}",
            "{\"model\":\"x\",\"channels\":{\"user\":{\"rate\":0.1,\"scores\":{\"-1\":4}}}}",
            "{\"model\":\"x\",\"channels\":{\"user\":{\"rate\":0.1,\"scores\":{\"7\":-4}}}}",
            "{\"model\":\"x\",\"channels\":{\"user\":{\"rate\":0.1,\"scores\":{\"7\":\"four\"}}}}"
        }) {
            var file = Files.writeString(directory.resolve("calibration.json"), wrong);
            assertThrows(ModelFile.Invalid.class, () -> Calibration.read(file), wrong);
        }
        var large = Files.write(directory.resolve("large"), new byte[Calibration.BYTES_MAX + 1]);
        assertThrows(ModelFile.Invalid.class, () -> Calibration.read(large));
    }
}
