package dev.masugata.inspect.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// What an operator brings, and how it is to be read.
///
/// @param runtime   `onnxruntime.jar`
/// @param model     an ONNX file that takes `input_ids`, and `attention_mask` and `token_type_ids` where it has them,
///                  all of int64, and answers with one row of logits
/// @param tokenizer its `tokenizer.json`
/// @param label     the class that means hostile: its number, or its name in the `config.json` beside the tokenizer
/// @param window    tokens looked at at once, the special ones included
/// @param stride    tokens from one window's beginning to that of the next
public record GuardFiles(Path runtime, Path model, Path tokenizer, String label, int window, int stride) {
    /// Bytes of a model: what one file of this format can hold.
    static final long MODEL_BYTES_MAX = 2L * 1024 * 1024 * 1024;

    /// Bytes of a `config.json`.
    static final int CONFIG_BYTES_MAX = 1024 * 1024;

    public static final int WINDOW_MIN = 8;
    public static final int WINDOW_MAX = 8192;

    public GuardFiles {
        if (window < WINDOW_MIN || window > WINDOW_MAX)
            throw new IllegalArgumentException("a window has " + WINDOW_MIN + " to " + WINDOW_MAX + " tokens");
        if (stride < 1 || stride > window)
            throw new IllegalArgumentException("a stride is at least 1 and at most a window");
    }

    /// The line that brings a runtime to where this jar should be.
    public static String howToGet(Path jar) {
        var directory = jar.toAbsolutePath().getParent();
        return "mvn dependency:copy -Dartifact=com.microsoft.onnxruntime:onnxruntime:1.29.0"
                + " -Dmdep.stripVersion=true -DoutputDirectory=" + (directory == null ? "." : directory);
    }

    /// Names everything that a score depends on, in hex: to another model the same threshold says nothing.
    public String digest() throws GuardProblem {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var how = label + "\n" + window + "\n" + stride + "\n" + digestOf(model) + "\n" + digestOf(tokenizer);
            return HexFormat.of().formatHex(digest.digest(how.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            throw new GuardProblem("the guard's files cannot be read: " + unreadable.getMessage());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String digestOf(Path file) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        var buffer = new byte[1 << 16];
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Each file is there and of a size that is taken.
    void check() throws GuardProblem {
        if (!Files.isRegularFile(runtime))
            throw new GuardProblem("there is no `" + runtime + "`; get it: " + howToGet(runtime));
        for (var file : new Path[] {model, tokenizer})
            if (!Files.isRegularFile(file)) throw new GuardProblem("there is no `" + file + "`");
        try {
            if (Files.size(model) > MODEL_BYTES_MAX)
                throw new GuardProblem("`" + model + "` is larger than " + MODEL_BYTES_MAX + " bytes");
        } catch (IOException unreadable) {
            throw new GuardProblem("`" + model + "` cannot be read: " + unreadable.getMessage());
        }
    }

    /// The number of the class that [#label] names.
    int labelNumber() throws GuardProblem {
        if (label.matches("[0-9]{1,4}")) return Integer.parseInt(label);
        var file = tokenizer.resolveSibling("config.json");
        try {
            if (Files.size(file) > CONFIG_BYTES_MAX)
                throw new GuardProblem("`" + file + "` is larger than " + CONFIG_BYTES_MAX + " bytes");
            if (PlainJson.read(Files.readString(file)) instanceof Map<?, ?> top
                    && top.get("id2label") instanceof Map<?, ?> labels) {
                for (var entry : labels.entrySet())
                    if (label.equals(entry.getValue())) return Integer.parseInt(String.valueOf(entry.getKey()));
                throw new GuardProblem("`" + file + "` has no label `" + label + "`; it has " + labels.values());
            }
            throw new GuardProblem("`" + file + "` has no `id2label`; give the label's number");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new GuardProblem("the label `" + label + "` cannot be looked up in `" + file + "`: "
                    + unreadable.getMessage() + "; give its number");
        }
    }
}
