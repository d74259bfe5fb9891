package dev.masugata.inspect.guard;

import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A classifier of the operator's, read in windows: a text's score is that of its worst window.
///
/// So an attack behind the first 512 tokens counts as much as one at the beginning, and where it stands is known.
public final class GuardModel implements AutoCloseable {
    /// Windows of one text, all its readings together; past it the text is opaque.
    static final int WINDOWS_MAX = 64;

    /// A shorter text is not looked at: a name, a number, a word. A run costs the same for it as for a page.
    static final int CHARS_LEAST = 16;

    /// For a trial at the start, and for each text that is not in a hurry.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Classifier classifier;
    private final Tokenizer tokenizer;
    private final int label;
    private final int room;
    private final int stride;
    private final String digest;

    /// @param window with the special tokens
    GuardModel(Classifier classifier, Tokenizer tokenizer, int label, int window, int stride, String digest) {
        this.classifier = classifier;
        this.tokenizer = tokenizer;
        this.label = label;
        this.room = window - tokenizer.before().size() - tokenizer.after().size();
        this.stride = Math.min(stride, room);
        this.digest = digest;
        if (room < 1) throw new IllegalArgumentException("a window has room for tokens of the text");
    }

    /// Loads it all and runs it once.
    ///
    /// @throws GuardProblem if any of it is missing or damaged, or does not go together
    public static GuardModel open(GuardFiles files) throws GuardProblem {
        files.check();
        int label = files.labelNumber();
        var tokenizer = TokenizerFile.read(files.tokenizer());
        var digest = files.digest();
        var classifier = OnnxRuntime.open(files.runtime(), files.model());
        try {
            tryOut(classifier, tokenizer, files, label);
            return new GuardModel(classifier, tokenizer, label, files.window(), files.stride(), digest);
        } catch (GuardProblem | RuntimeException unusable) {
            classifier.close();
            throw unusable;
        }
    }

    /// A full window that holds the last piece of the vocabulary: a model for another tokenizer, or for shorter texts,
    /// fails here and not at the first attack.
    private static void tryOut(Classifier classifier, Tokenizer tokenizer, GuardFiles files, int label)
            throws GuardProblem {
        var ids = new long[files.window()];
        Arrays.fill(ids, tokenizer.highest());
        Optional<float[]> logits;
        try {
            logits = classifier.logits(ids, PATIENCE.toNanos());
        } catch (IllegalStateException failed) {
            throw new GuardProblem("`" + files.model() + "` cannot be run on " + files.window() + " tokens of `"
                    + files.tokenizer() + "`: " + failed.getMessage()
                    + "; name the tokenizer that came with the model, and a window that it can take");
        }
        int classes = logits.orElseThrow(() -> new GuardProblem(
                "`" + files.model() + "` takes longer than " + PATIENCE + " for one window")).length;
        if (classes < 2) throw new GuardProblem("`" + files.model() + "` tells no classes apart");
        if (label >= classes)
            throw new GuardProblem("`" + files.model() + "` has " + classes + " classes, 0 to " + (classes - 1)
                    + ", and no " + label);
    }

    public String digest() {
        return digest;
    }

    /// True if a text is long enough to be looked at.
    public static boolean looksAt(String text) {
        return text.length() >= CHARS_LEAST;
    }

    /// The score of the worst window of all readings, as calibration counts it; nothing of a text that is too short.
    ///
    /// @throws IllegalStateException if the model fails on it
    public OptionalDouble score(String text) {
        var worst = OptionalDouble.empty();
        var windows = new Windows(PATIENCE.toNanos());
        for (var layer : Layers.of(text, LayerLimits.DEFAULT).all())
            for (var window : windows.look(layer.cased()))
                worst = OptionalDouble.of(Math.max(worst.orElse(window.score()), window.score()));
        return worst;
    }

    /// @param nanos for all of one text
    Windows windows(long nanos) {
        return new Windows(nanos);
    }

    @Override
    public void close() {
        classifier.close();
    }

    /// A stretch of a text and its score: the logarithm of how much likelier it is hostile than not.
    record Window(double score, int from, int to) {}

    /// What one text may still take.
    final class Windows {
        private final long ends;
        private int left = WINDOWS_MAX;
        private boolean whole = true;

        private Windows(long nanos) {
            ends = System.nanoTime() + nanos;
        }

        /// False once something was not looked at, for time or for number.
        boolean whole() {
            return whole;
        }

        /// @return the windows of one reading, from its beginning on; not all of them once time or number is over
        List<Window> look(String text) {
            var seen = new ArrayList<Window>();
            if (!looksAt(text)) return seen;
            if (left <= 0) {
                whole = false;
                return seen;
            }
            var tokens = tokenizer.tokens(text, room + (left - 1) * stride);
            if (!tokens.whole()) whole = false;
            for (int at = 0; at < tokens.count(); at += stride) {
                int to = Math.min(tokens.count(), at + room);
                var logits = classifier.logits(ids(tokens, at, to), ends - System.nanoTime());
                left--;
                if (logits.isEmpty()) {
                    whole = false;
                    return seen;
                }
                seen.add(new Window(score(logits.get()), tokens.from(at), tokens.to(to - 1)));
                if (to == tokens.count()) break;
            }
            return seen;
        }

        private long[] ids(Tokens tokens, int from, int to) {
            var ids = new long[tokenizer.before().size() + to - from + tokenizer.after().size()];
            int at = 0;
            for (var id : tokenizer.before()) ids[at++] = id;
            for (int i = from; i < to; i++) ids[at++] = tokens.id(i);
            for (var id : tokenizer.after()) ids[at++] = id;
            return ids;
        }

        private double score(float[] logits) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) if (i != label) most = Math.max(most, logits[i]);
            double others = 0;
            for (int i = 0; i < logits.length; i++) if (i != label) others += Math.exp(logits[i] - most);
            double score = logits[label] - most - Math.log(others);
            // It would be above no threshold.
            if (Double.isNaN(score)) throw new IllegalStateException("the guard's model answers with no number");
            return score;
        }
    }
}
