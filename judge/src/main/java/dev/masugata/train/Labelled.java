package dev.masugata.train;

import dev.masugata.model.Channel;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts that somebody has labelled: lines `{"text": ..., "label": "benign" or "attack", "channel": ...}`.
public final class Labelled {
    /// Texts of one file.
    static final int TEXTS_MAX = 1_000_000;

    /// Characters of all texts of one file.
    static final int CHARS_MAX = 256 * 1024 * 1024;

    private Labelled() {}

    /// The `*.jsonl` files of a directory, by name; or the one file itself.
    public static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) return List.of(path);
        try (var files = Files.list(path)) {
            return files.filter(it -> it.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    /// @throws Invalid names the line and what is wrong with it
    public static List<Example> read(Path file) throws IOException, Invalid {
        var examples = new ArrayList<Example>();
        long chars = 0;
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (int number = 1; ; number++) {
                var line = line(lines, file, number);
                if (line == null) return examples;
                if (line.isBlank()) continue;
                chars += line.length();
                if (examples.size() == TEXTS_MAX || chars > CHARS_MAX)
                    throw new Invalid(
                            file, number, "more than " + TEXTS_MAX + " texts or " + CHARS_MAX + " characters");
                examples.add(example(file, number, line));
            }
        }
    }

    /// A line without end must not fill the memory.
    private static @Nullable String line(BufferedReader lines, Path file, int number)
            throws IOException, Invalid {
        var line = new StringBuilder();
        int c = lines.read();
        if (c < 0) return null;
        for (; c >= 0 && c != '\n'; c = lines.read()) {
            if (line.length() >= Limits.BYTES)
                throw new Invalid(file, number, "a line of more than " + Limits.BYTES + " bytes");
            line.append((char) c);
        }
        return line.toString();
    }

    private static Example example(Path file, int number, String line) throws Invalid {
        try {
            var bytes = line.strip().getBytes(StandardCharsets.UTF_8);
            if (!(JsonReader.read(bytes, Limits.DEFAULT) instanceof Json.Obj object))
                throw new Invalid(file, number, "an object is expected");
            var text = object.string("text").orElseThrow(() -> new Invalid(file, number, "`text` is missing"));
            var label = object.string("label").orElse("");
            if (!label.equals("benign") && !label.equals("attack"))
                throw new Invalid(file, number, "`label` is `benign` or `attack`, not `" + label + "`");
            var word = object.string("channel").orElse("");
            var channel = Channel.of(word)
                    .orElseThrow(() -> new Invalid(
                            file,
                            number,
                            "`channel` is `user`, `tool-description`, `tool-result`, `memory` or `egress`, not `" + word
                                    + "`"));
            return Example.whole(text, label.equals("attack"), channel, "given");
        } catch (JsonException wrong) {
            throw new Invalid(file, number, String.valueOf(wrong.getMessage()));
        }
    }

    /// A file cannot be used; the message names file and line.
    public static final class Invalid extends Exception {
        Invalid(Path file, int line, String message) {
            super("`" + file + "` line " + line + ": " + message);
        }
    }
}
