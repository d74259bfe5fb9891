package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.config.Config.GuardEntry;
import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.ScoreSketch;
import dev.masugata.inspect.guard.GuardFiles;
import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a guard's thresholds are; the guard itself is tested where it is.
class HomeGuardTest {
    @TempDir
    Path directory;

    private Home home;
    private GuardFiles files;

    @BeforeEach
    void make() throws Exception {
        home = new Home(directory.resolve("home"));
        home.make();
        var model = Files.writeString(directory.resolve("model.onnx"), "a model");
        var tokenizer = Files.writeString(directory.resolve("tokenizer.json"), "a tokenizer");
        files = new GuardFiles(directory.resolve("onnxruntime.jar"), model, tokenizer, "1", 512, 256);
    }

    private GuardEntry entry(OptionalDouble threshold, Channel... channels) {
        return new GuardEntry(files, threshold, Set.of(channels), Severity.HIGH, Duration.ofSeconds(1));
    }

    private void calibrate(Channel channel, double score) throws Exception {
        var scores = new ScoreSketch();
        for (int i = 0; i < 2_000; i++) scores.add(score);
        var learnt = new Calibration.Learnt(0.01, scores);
        new Calibration(files.digest(), Map.of(channel, learnt)).write(HomeGuard.calibration(home));
    }

    private String unusable(GuardEntry entry) {
        return assertThrows(Home.Unusable.class, () -> HomeGuard.thresholds(home, entry)).getMessage();
    }

    @Test
    void aNumberIsTheSameOnEveryChannel() throws Exception {
        var thresholds = HomeGuard.thresholds(home, entry(OptionalDouble.of(0.5), Channel.MEMORY, Channel.USER));
        assertEquals(Map.of(Channel.MEMORY, 0.0, Channel.USER, 0.0), thresholds);
    }

    @Test
    void whatWasLearntIsUsedForItsChannel() throws Exception {
        calibrate(Channel.TOOL_RESULT, 3);
        var learnt = HomeGuard.thresholds(home, entry(OptionalDouble.empty(), Channel.TOOL_RESULT));
        assertEquals(3.05, learnt.get(Channel.TOOL_RESULT), 0.001);
        var said = unusable(entry(OptionalDouble.empty(), Channel.TOOL_RESULT, Channel.MEMORY));
        assertTrue(said.contains("nothing is learnt yet for the channel `memory`"), said);
        assertTrue(said.contains("masugata calibrate --guard --channel memory"), said);
    }

    @Test
    void whatWasLearntForAnotherModelIsNotUsed() throws Exception {
        calibrate(Channel.TOOL_RESULT, 3);
        Files.writeString(files.model(), "another model");
        var said = unusable(entry(OptionalDouble.empty(), Channel.TOOL_RESULT));
        assertTrue(said.contains("is for another model, tokenizer, label or window, and is not used"), said);
        assertEquals(1, HomeGuard.thresholds(home, entry(OptionalDouble.of(0.9), Channel.TOOL_RESULT)).size());
    }

    @Test
    void aDamagedCalibrationIsNoCalibration() throws Exception {
        Files.writeString(HomeGuard.calibration(home), "{");
        var said = unusable(entry(OptionalDouble.empty(), Channel.TOOL_RESULT));
        assertTrue(said.contains("guard-calibration.json` holds no calibration"), said);
    }

    @Test
    void withoutItsRuntimeNoGateStarts() {
        var said = assertThrows(
                        Home.Unusable.class, () -> HomeGuard.of(home, entry(OptionalDouble.of(0.5), Channel.USER)))
                .getMessage();
        assertTrue(said.contains("there is no `" + files.runtime()) && said.contains("get it: mvn"), said);
    }
}
