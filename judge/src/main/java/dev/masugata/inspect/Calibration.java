package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// Thresholds learnt from an operator's own harmless traffic: for each channel the scores seen and the rate chosen.
///
/// @param model    the digest of the weights that gave the scores; to others they say nothing
/// @param channels what was learnt, for the channels that were calibrated
public record Calibration(String model, Map<Channel, Learnt> channels) {
    /// Bytes of the file.
    static final int BYTES_MAX = 1024 * 1024;

    /// The largest rate of false positives that can be chosen.
    public static final double RATE_MAX = 0.2;

    /// @param rate the share of harmless texts that may be called suspicious
    public record Learnt(double rate, ScoreSketch scores) {
        public Learnt {
            if (!(rate > 0 && rate <= RATE_MAX))
                throw new IllegalArgumentException("a rate is more than 0 and at most " + RATE_MAX);
        }

        public double threshold() {
            return scores.threshold(rate);
        }
    }

    public Calibration {
        channels = Map.copyOf(channels);
    }

    public static Calibration none(LinearModel model) {
        return new Calibration(model.digest(), Map.of());
    }

    public Calibration with(Channel channel, Learnt learnt) {
        var all = new EnumMap<Channel, Learnt>(Channel.class);
        all.putAll(channels);
        all.put(channel, learnt);
        return new Calibration(model, all);
    }

    /// The weights with these thresholds; unchanged if others were calibrated.
    public LinearModel applied(LinearModel weights) {
        var calibrated = weights;
        if (!weights.digest().equals(model)) return weights;
        for (var channel : channels.entrySet())
            calibrated = calibrated.calibrated(channel.getKey(), channel.getValue().threshold());
        return calibrated;
    }

    /// Writes the file whole or not at all.
    public void write(Path file) throws IOException {
        var all = Json.Obj.EMPTY;
        for (var channel : new TreeMap<>(channels).entrySet()) {
            var counters = Json.Obj.EMPTY;
            for (var counter : channel.getValue().scores().counters().entrySet())
                counters = counters.with(counter.getKey().toString(), counter.getValue());
            all = all.with(channel.getKey().word(), Json.object("rate", number(channel.getValue().rate()))
                    .with("threshold", number(channel.getValue().threshold()))
                    .with("scores", counters));
        }
        var written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, JsonWriter.text(Json.object("model", model).with("channels", all)) + "\n");
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Json number(double value) {
        return new Json.Num(BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP).toPlainString());
    }

    /// @throws ModelFile.Invalid says what is wrong with the file
    public static Calibration read(Path file) throws IOException, ModelFile.Invalid {
        if (Files.size(file) > BYTES_MAX) throw new ModelFile.Invalid("is larger than " + BYTES_MAX + " bytes");
        try {
            var bytes = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
            if (!(JsonReader.read(bytes, Limits.DEFAULT) instanceof Json.Obj top))
                throw new IllegalArgumentException("no object");
            var channels = new EnumMap<Channel, Learnt>(Channel.class);
            for (var entry : top.object("channels").members().entrySet())
                channels.put(channel(entry.getKey()), learnt(entry.getValue()));
            return new Calibration(top.string("model").orElse(""), channels);
        } catch (IllegalArgumentException | JsonException wrong) {
            throw new ModelFile.Invalid("holds no calibration: " + wrong.getMessage());
        }
    }

    private static Channel channel(String word) {
        return Channel.of(word).orElseThrow(() -> new IllegalArgumentException("`" + word + "` is no channel"));
    }

    private static Learnt learnt(Json value) {
        if (!(value instanceof Json.Obj entry) || !(entry.members().get("rate") instanceof Json.Num rate))
            throw new IllegalArgumentException("a channel has a `rate` and its `scores`");
        var counters = new TreeMap<Integer, Long>();
        for (var counter : entry.object("scores").members().entrySet()) {
            if (!(counter.getValue() instanceof Json.Num count))
                throw new IllegalArgumentException("a counter is a number");
            counters.put(Integer.parseInt(counter.getKey()), Long.parseLong(count.literal()));
        }
        return new Learnt(Double.parseDouble(rate.literal()), ScoreSketch.of(counters));
    }
}
