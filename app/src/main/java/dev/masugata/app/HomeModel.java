package dev.masugata.app;

import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.LinearModel;
import dev.masugata.inspect.ModelFile;
import dev.masugata.model.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/// The weights and thresholds of a home: its own `model.bin` and `calibration.json` where they are, else what this
/// build ships.
public final class HomeModel {
    private static final System.Logger LOG = System.getLogger("masugata.model");

    private HomeModel() {}

    public static Path weights(Home home) {
        return home.directory().resolve("model.bin");
    }

    public static Path calibration(Home home) {
        return home.directory().resolve("calibration.json");
    }

    /// What a gate of this home works with. A file that cannot be used is an error, never quietly another model.
    public static LinearModel of(Home home) throws Home.Unusable {
        var model = uncalibrated(home);
        var file = calibration(home);
        if (!Files.exists(file)) return model;
        var calibration = learnt(home, model);
        if (!calibration.model().equals(model.digest()))
            LOG.log(
                    Level.WARNING,
                    "`" + file + "` is for other weights and is not used; learn it anew: masugata calibrate");
        return calibration.applied(model);
    }

    /// The weights with the thresholds that came with them.
    public static LinearModel uncalibrated(Home home) throws Home.Unusable {
        var file = weights(home);
        if (!Files.exists(file)) return ModelFile.shipped();
        try {
            var model = ModelFile.read(file);
            LOG.log(Level.INFO, "weights of this home: " + model.digest());
            return model;
        } catch (IOException | ModelFile.Invalid unusable) {
            throw unusable(file, unusable, "masugata train");
        }
    }

    /// What was calibrated before; nothing if nothing was, or it was for other weights.
    static Calibration learnt(Home home, LinearModel model) throws Home.Unusable {
        var file = calibration(home);
        if (!Files.exists(file)) return Calibration.none(model);
        try {
            return Calibration.read(file);
        } catch (IOException | ModelFile.Invalid unusable) {
            throw unusable(file, unusable, "masugata calibrate");
        }
    }

    /// Adds what one channel has learnt to the home's calibration.
    public static void keep(Home home, LinearModel model, Channel channel, Calibration.Learnt learnt)
            throws Home.Unusable, IOException {
        home.make();
        var before = learnt(home, model);
        var base = before.model().equals(model.digest()) ? before : Calibration.none(model);
        base.with(channel, learnt).write(calibration(home));
    }

    private static Home.Unusable unusable(Path file, Exception why, String command) {
        return new Home.Unusable(
                "`" + file + "` " + why.getMessage() + "; remove it or make it anew: " + command);
    }
}
