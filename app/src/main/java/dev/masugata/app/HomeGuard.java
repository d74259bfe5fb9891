package dev.masugata.app;

import dev.masugata.app.config.Config.GuardEntry;
import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.ModelFile;
import dev.masugata.inspect.Pipeline;
import dev.masugata.inspect.guard.Guard;
import dev.masugata.inspect.guard.GuardModel;
import dev.masugata.inspect.guard.GuardProblem;
import dev.masugata.model.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The classifier that configuration names, with the thresholds that the home has learnt for it.
public final class HomeGuard implements AutoCloseable {
    private final GuardEntry entry;
    private final GuardModel model;
    private final Map<Channel, Double> thresholds;

    private HomeGuard(GuardEntry entry, GuardModel model, Map<Channel, Double> thresholds) {
        this.entry = entry;
        this.model = model;
        this.thresholds = thresholds;
    }

    public static Path calibration(Home home) {
        return home.directory().resolve("guard-calibration.json");
    }

    /// @throws Home.Unusable if anything of it is missing or damaged: a gate never runs without a guard it was given
    static HomeGuard of(Home home, GuardEntry entry) throws Home.Unusable {
        var thresholds = thresholds(home, entry);
        return new HomeGuard(entry, model(entry), thresholds);
    }

    /// The classifier alone, to be calibrated.
    public static GuardModel model(GuardEntry entry) throws Home.Unusable {
        try {
            return GuardModel.open(entry.files());
        } catch (GuardProblem unusable) {
            throw unusable(unusable.getMessage());
        }
    }

    /// It has a pipeline of its own, because it needs more time than all others together.
    Pipeline inspector(byte[] key) {
        return new Pipeline(List.of(new Guard(model, thresholds, entry.severity())), key, entry.timeout());
    }

    /// For all texts of one action.
    Duration time() {
        return entry.timeout();
    }

    /// The score for each of its channels from which on a text is suspicious.
    public static Map<Channel, Double> thresholds(Home home, GuardEntry entry) throws Home.Unusable {
        var thresholds = new EnumMap<Channel, Double>(Channel.class);
        if (entry.threshold().isPresent()) {
            double score = Guard.score(entry.threshold().getAsDouble());
            for (var channel : entry.channels()) thresholds.put(channel, score);
            return thresholds;
        }
        var calibration = learnt(home, digest(entry));
        for (var channel : entry.channels()) {
            var learnt = calibration.channels().get(channel);
            if (learnt == null) throw uncalibrated(home, channel, calibration);
            thresholds.put(channel, learnt.threshold());
        }
        return thresholds;
    }

    private static Home.Unusable uncalibrated(Home home, Channel channel, Calibration calibration)
            throws Home.Unusable {
        var file = calibration(home);
        boolean another = Files.exists(file) && !read(file).model().equals(calibration.model());
        var why = another
                ? "`" + file + "` is for another model, tokenizer, label or window, and is not used"
                : "nothing is learnt yet for the channel `" + channel.word() + "`";
        return unusable(why + "; learn it: masugata calibrate --guard --channel " + channel.word()
                + " --rate 0.01, or give `threshold` a number");
    }

    /// Adds what one channel has learnt to the home's calibration of this model; what was learnt for another goes.
    public static void keep(Home home, GuardModel model, Channel channel, Calibration.Learnt learnt)
            throws Home.Unusable, IOException {
        home.make();
        learnt(home, model.digest()).with(channel, learnt).write(calibration(home));
    }

    /// What was calibrated for this model; nothing if it was another.
    private static Calibration learnt(Home home, String digest) throws Home.Unusable {
        var file = calibration(home);
        var none = new Calibration(digest, Map.of());
        if (!Files.exists(file)) return none;
        var calibration = read(file);
        return calibration.model().equals(digest) ? calibration : none;
    }

    private static Calibration read(Path file) throws Home.Unusable {
        try {
            return Calibration.read(file);
        } catch (IOException | ModelFile.Invalid wrong) {
            throw unusable("`" + file + "` " + wrong.getMessage() + "; remove it, then: masugata calibrate --guard");
        }
    }

    private static String digest(GuardEntry entry) throws Home.Unusable {
        try {
            return entry.files().digest();
        } catch (GuardProblem unreadable) {
            throw unusable(unreadable.getMessage());
        }
    }

    private static Home.Unusable unusable(@Nullable String why) {
        return new Home.Unusable("`inspect.guard`: " + why);
    }

    @Override
    public void close() {
        model.close();
    }
}
