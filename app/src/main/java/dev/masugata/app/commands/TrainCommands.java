package dev.masugata.app.commands;

import dev.masugata.app.Home;
import dev.masugata.app.HomeGuard;
import dev.masugata.app.HomeModel;
import dev.masugata.app.RecordedTexts;
import dev.masugata.app.config.Config;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.inspect.Calibration;
import dev.masugata.model.Channel;
import dev.masugata.train.ChannelThreshold;
import dev.masugata.train.Example;
import dev.masugata.train.Labelled;
import dev.masugata.train.Training;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `train` and `calibrate`: an operator's own weights and thresholds.
final class TrainCommands {
    private TrainCommands() {}

    @Command(
            name = "train",
            description = "Makes the detector's weights: of the project's own texts, and of labelled texts of yours.",
            footer = {
                "",
                "A line of data is {\"text\": ..., \"label\": \"benign\" or \"attack\", \"channel\": \"user\","
                        + " \"tool-description\", \"tool-result\", \"memory\" or \"egress\"}.",
                "Without --out the weights become those of the home; a gate uses them from its next start on.",
                "",
                "Examples:",
                "  masugata train --out weights.bin --card card.md",
                "  masugata train --data mine.jsonl --data more/"
            })
    static final class Train extends Options implements Callable<Integer> {
        @Option(
                names = "--data",
                paramLabel = "PATH",
                description = "a file of labelled texts, or a directory of *.jsonl files")
        List<Path> data = new ArrayList<>();

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "where the weights go (default: model.bin of the home)")
        @Nullable Path out;

        @Option(
                names = "--card",
                paramLabel = "FILE",
                description = "where the model card goes (default: beside the weights)")
        @Nullable Path card;

        @Override
        public Integer call() throws IOException, Home.Unusable {
            var given = new ArrayList<Example>();
            for (var path : data) given.addAll(read(path));
            if (out == null) home().make();
            var file = out != null ? out : HomeModel.weights(home());
            var training = new Training(Training.SEED, Training.EACH, it -> {
                if (!json) System.err.println("masugata: " + it);
            });
            var trained = training.run(given);
            replace(file, trained.bytes());
            var cardFile = card != null ? card : file.resolveSibling(file.getFileName() + ".card.md");
            Files.writeString(cardFile, trained.card().markdown());
            if (json) print(trained.card().json().with("weights", file.toString()).with("card", cardFile.toString()));
            else System.out.println(file + "  " + trained.model().digest() + "\n" + cardFile);
            return 0;
        }

        /// A gate that starts meanwhile reads the old weights or the new ones.
        private static void replace(Path file, byte[] bytes) throws IOException {
            var written = file.resolveSibling(file.getFileName() + ".new");
            Files.write(written, bytes);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Command(
            name = "calibrate",
            description = "Learns a channel's threshold from your own harmless traffic, for a rate of false positives.",
            footer = {
                "",
                "Without --from the texts are those that the record holds of what was allowed: tool-result,"
                        + " tool-description and egress. The threshold is kept in calibration.json of the home.",
                "With --guard it is that of the classifier that `inspect.guard` of the configuration names, kept in"
                        + " guard-calibration.json; it takes as long as the classifier does for each text.",
                "",
                "Examples:",
                "  masugata calibrate --channel tool-result --rate 0.01",
                "  masugata calibrate --channel user --rate 0.005 --from chats.jsonl",
                "  masugata calibrate --guard --channel tool-result --rate 0.01"
            })
    static final class Calibrate extends Options implements Callable<Integer> {
        @Option(
                names = "--channel",
                paramLabel = "CHANNEL",
                required = true,
                description = "user, tool-description, tool-result, memory or egress")
        String word = "";

        @Option(
                names = "--rate",
                paramLabel = "SHARE",
                required = true,
                description = "the share of harmless texts that may be called suspicious, such as 0.01")
        double rate;

        @Option(
                names = "--from",
                paramLabel = "PATH",
                description = "labelled texts, a file or a directory of *.jsonl files; its benign ones are used")
        @Nullable Path from;

        @Option(names = "--guard", description = "of the configured guard, instead of our own detector")
        boolean guard;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "the configuration that names the guard (default: masugata.yaml in the home)")
        @Nullable Path config;

        @Override
        public Integer call() throws IOException, Home.Unusable {
            var channel = Channel.of(word)
                    .orElseThrow(() -> new Failure(Failure.USAGE, "`--channel " + word + "`: there is user,"
                            + " tool-description, tool-result, memory and egress"));
            if (!(rate > 0 && rate <= Calibration.RATE_MAX))
                throw new Failure(Failure.USAGE, "`--rate` takes more than 0 and at most " + Calibration.RATE_MAX);
            if (guard) ofGuard(channel);
            else ofOwn(channel);
            return 0;
        }

        private void ofOwn(Channel channel) throws IOException, Home.Unusable {
            var model = HomeModel.uncalibrated(home());
            var learnt = learn(channel, new ChannelThreshold(model, channel, rate));
            HomeModel.keep(home(), model, channel, learnt);
            var before = String.format(Locale.ROOT, "the weights came with %.2f", model.head(channel).flag());
            report(channel, before, learnt);
        }

        private void ofGuard(Channel channel) throws IOException, Home.Unusable {
            var file = config != null ? config : home().config();
            try (var model = HomeGuard.model(configured(file))) {
                var learnt = learn(channel, new ChannelThreshold(model::score, rate));
                HomeGuard.keep(home(), model, channel, learnt);
                report(channel, "0.00 is as likely hostile as not", learnt);
            }
        }

        private static Config.GuardEntry configured(Path file) {
            try {
                return ConfigFile.read(file).guard().orElseThrow(() -> new Failure(
                        Failure.FAILED, "`" + file + "` has no `inspect.guard`: there is no guard to calibrate"));
            } catch (ConfigProblem.Invalid wrong) {
                throw new Failure(Failure.FAILED, String.valueOf(wrong.getMessage()));
            }
        }

        private Calibration.Learnt learn(Channel channel, ChannelThreshold threshold) {
            if (from != null) labelled(from, channel, threshold);
            else recorded(channel, threshold);
            if (threshold.seen() < threshold.needed())
                throw new Failure(
                        Failure.FAILED,
                        "too few texts: " + threshold.seen() + " of this channel; a rate of " + rate + " needs "
                                + threshold.needed() + ", a larger one fewer");
            return threshold.learnt();
        }

        private static void labelled(Path path, Channel channel, ChannelThreshold threshold) {
            for (var text : read(path)) if (!text.hostile() && text.channel() == channel) threshold.add(text.text());
        }

        private void recorded(Channel channel, ChannelThreshold threshold) {
            if (!RecordedTexts.has(channel))
                throw new Failure(
                        Failure.USAGE, "no texts of `" + channel.word() + "` are on record: name some with `--from`");
            try (var record = record()) {
                RecordedTexts.each(record, channel, threshold::add);
            }
        }

        private void report(Channel channel, String before, Calibration.Learnt learnt) {
            if (json) {
                print(Json.object("channel", channel.word()).with("texts", learnt.scores().seen())
                        .with("rate", new Json.Num(Double.toString(rate)))
                        .with("threshold", new Json.Num(String.format(Locale.ROOT, "%.2f", learnt.threshold()))));
                return;
            }
            System.out.printf(Locale.ROOT, "%s: %.2f from %d texts, for a rate of %s (%s)%n",
                    channel.word(), learnt.threshold(), learnt.scores().seen(), rate, before);
            System.out.println("A gate uses it from its next start on.");
        }
    }

    private static List<Example> read(Path path) {
        try {
            var examples = new ArrayList<Example>();
            for (var file : Labelled.files(path)) examples.addAll(Labelled.read(file));
            return examples;
        } catch (Labelled.Invalid wrong) {
            throw new Failure(Failure.FAILED, String.valueOf(wrong.getMessage()));
        } catch (IOException unreadable) {
            throw new Failure(Failure.FAILED, "`" + path + "` cannot be read: " + unreadable.getMessage());
        }
    }
}
