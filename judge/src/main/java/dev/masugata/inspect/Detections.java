package dev.masugata.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The detections of the catalog.
public final class Detections {
    /// The files of `catalog/detections`, in the order in which their findings come.
    static final List<String> FILES = List.of("hidden", "injection", "tool-poisoning", "secret", "secret-like",
            "personal", "exfiltration", "command", "query", "template", "masked");

    private Detections() {}

    /// All of them.
    /// @throws DetectionProblem if one cannot be used, or two have the same id
    public static List<Detection> all() {
        var all = new ArrayList<Detection>();
        var ids = new HashSet<String>();
        for (var file : FILES) {
            for (var detection : DetectionFile.read("detections/" + file + ".detect", text(file))) {
                if (!ids.add(detection.id()))
                    throw new DetectionProblem(detection.where() + ": `" + detection.id() + "` is there already");
                all.add(detection);
            }
        }
        return List.copyOf(all);
    }

    private static String text(String file) {
        try (var in = Detections.class.getResourceAsStream("/catalog/detections/" + file + ".detect")) {
            if (in == null) throw new DetectionProblem("detections/" + file + ".detect is not in the catalog");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
