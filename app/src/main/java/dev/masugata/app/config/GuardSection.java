package dev.masugata.app.config;

import dev.masugata.app.config.Config.GuardEntry;
import dev.masugata.inspect.guard.GuardFiles;
import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads `inspect.guard`.
final class GuardSection {
    static final int WINDOW = 512;
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    /// An action waits for the guard, and whoever asked for it with it.
    static final Duration TIMEOUT_MAX = Duration.ofSeconds(10);

    private static final String CALIBRATED = "calibrated";

    private GuardSection() {}

    static Optional<GuardEntry> read(Section top, Function<String, Optional<Path>> path) {
        var inspect = top.section("inspect");
        var there = inspect.node("guard").isPresent();
        var guard = inspect.section("guard");
        inspect.done();
        if (!there) return Optional.empty();
        var runtime = file(inspect, guard, "runtime", "the ONNX runtime's jar", path);
        var model = file(inspect, guard, "model", "an ONNX file", path);
        var tokenizer = file(inspect, guard, "tokenizer", "the model's `tokenizer.json`", path);
        var label = guard.parsed("label", "a class's number or its name", it ->
                it.isBlank() ? Optional.empty() : Optional.of(it)).orElse("1");
        int window = number(guard, "window", GuardFiles.WINDOW_MIN, GuardFiles.WINDOW_MAX).orElse(WINDOW);
        int stride = number(guard, "stride", 1, window).orElse(Math.max(1, window / 2));
        var threshold = guard.parsed("threshold", "`calibrated`, or more than 0 and less than 1", GuardSection::share)
                .orElse(OptionalDouble.empty());
        var channels = channels(guard);
        var severity = guard.parsed("severity", words(Severity.values(), Severity::word), GuardSection::severity)
                .orElse(Severity.HIGH);
        var timeout = guard.duration("timeout", TIMEOUT);
        if (timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0)
            guard.problemAt("timeout", "`inspect.guard.timeout` is more than 0 and 10s at most");
        guard.done();
        if (runtime.isEmpty() || model.isEmpty() || tokenizer.isEmpty()) return Optional.empty();
        var files = new GuardFiles(runtime.get(), model.get(), tokenizer.get(), label, window, stride);
        return Optional.of(new GuardEntry(files, threshold, channels, severity, timeout));
    }

    private static Optional<Path> file(
            Section inspect, Section guard, String name, String what, Function<String, Optional<Path>> path) {
        if (guard.node(name).isEmpty()) inspect.problemAt("guard", "`inspect.guard` needs a `" + name + "`: " + what);
        var file = guard.parsed(name, "a path", path);
        if (file.isPresent() && !Files.isRegularFile(file.get()))
            guard.problemAt(name, "`inspect.guard." + name + "`: there is no file `" + file.get() + "`"
                    + (name.equals("runtime") ? "; get it: " + GuardFiles.howToGet(file.get()) : ""));
        return file;
    }

    private static OptionalInt number(Section guard, String name, int least, int most) {
        var number = guard.parsed(name, least + " to " + most, text -> {
            boolean digits = text.matches("[0-9]{1,6}");
            int value = digits ? Integer.parseInt(text) : -1;
            return value < least || value > most ? Optional.<Integer>empty() : Optional.of(value);
        });
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    private static Optional<OptionalDouble> share(String text) {
        if (text.equals(CALIBRATED)) return Optional.of(OptionalDouble.empty());
        if (!text.matches("0?\\.[0-9]{1,9}")) return Optional.empty();
        double share = Double.parseDouble(text);
        return share > 0 ? Optional.of(OptionalDouble.of(share)) : Optional.empty();
    }

    private static Set<Channel> channels(Section guard) {
        if (guard.node("channels").isEmpty()) return Set.of(Channel.TOOL_RESULT);
        var channels = EnumSet.noneOf(Channel.class);
        for (var word : guard.texts("channels"))
            Channel.of(word).ifPresentOrElse(channels::add, () -> guard.problemAt(
                    "channels", "`" + word + "` is no channel; there is " + words(Channel.values(), Channel::word)));
        if (channels.isEmpty()) guard.problemAt("channels", "`inspect.guard.channels` needs at least one channel");
        return channels;
    }

    private static Optional<Severity> severity(String word) {
        return Arrays.stream(Severity.values()).filter(it -> it.word().equals(word)).findFirst();
    }

    private static <T> String words(T[] all, Function<T, String> word) {
        return Arrays.stream(all).map(word).collect(Collectors.joining(", "));
    }
}
