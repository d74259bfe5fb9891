package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Model files, by their first bytes: what format they are in, and whether loading one runs code.
final class Models {
    /// Bytes of a model file that are read.
    static final int HEAD_BYTES = 256 * 1024;

    private static final Set<String> ENDINGS = Set.of(
            "gguf", "safetensors", "onnx", "pt", "pth", "ckpt", "pkl", "pickle", "joblib", "h5", "keras", "bin",
                    "tflite", "npy");
    private static final Set<String> HARMLESS = Set.of(
            "collections", "torch", "numpy", "sklearn", "_codecs", "builtins", "copyreg", "scipy", "joblib",
                    "transformers",
            "argparse", "pathlib", "datetime", "xgboost", "lightgbm");

    private final Scene scene;

    Models(Scene scene) {
        this.scene = scene;
    }

    boolean takes(String leaf) {
        return ENDINGS.contains(Skills.ending(leaf));
    }

    void look(Source source) {
        var format = format(source);
        if (format.isEmpty()) return;
        var model = scene.found().add("Model", "model:" + source.name(), source.leaf(),
                Map.of("format", format, "file", source.name(), "size", source.size()));
        scene.found().relate("HOLDS", scene.owner().id(), model.id());
        var globals = format.equals("pickle") || format.equals("torch") ? globals(source.bytes()) : List.<String>of();
        var strange = globals.stream().filter(it -> !HARMLESS.contains(it.replaceFirst("[. ].*$", ""))
                || it.matches("builtins (?:eval|exec|compile|__import__|getattr|open)")).toList();
        boolean lambda = (format.equals("keras") || format.equals("hdf5")) && holds(source, "\"Lambda\"");
        boolean template = format.equals("gguf") && (holds(source, "__globals__") || holds(source, "__import__"));
        var tree = Json.object("format", format).with("runs", String.join(", ", strange))
                .with("lambda", Json.of(lambda)).with("template", Json.of(template));
        scene.judge().look(new Subject("model", "", model, source.name(), "", List.of(), tree));
    }

    private static String format(Source source) {
        var bytes = source.bytes();
        if (starts(bytes, "GGUF")) return "gguf";
        if (starts(bytes, "\u0089HDF")) return "hdf5";
        if (starts(bytes, "PK\3\4")) return Skills.ending(source.leaf()).equals("keras") ? "keras" : "torch";
        if (bytes.length > 2 && bytes[0] == (byte) 0x80 && bytes[1] >= 2 && bytes[1] <= 5) return "pickle";
        var ending = Skills.ending(source.leaf());
        if (ending.equals("safetensors") && bytes.length > 9 && bytes[8] == '{') return "safetensors";
        if (ending.equals("pkl") || ending.equals("pickle") && holds(source, "\n")) return "pickle";
        return ending.equals("onnx") || ending.equals("tflite") ? ending : "";
    }

    private static boolean starts(byte[] bytes, String magic) {
        var wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < wanted.length; i++) if (bytes.length <= i || bytes[i] != wanted[i]) return false;
        return true;
    }

    private static boolean holds(Source source, String word) {
        return new String(source.bytes(), StandardCharsets.ISO_8859_1).contains(word);
    }

    /// What a pickle calls for: `GLOBAL` names module and attribute in two lines, `STACK_GLOBAL` takes the two strings
    /// before it. Read, never loaded. In an archive of torch the pickle stands unpacked, as its writer leaves it.
    private static List<String> globals(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var old = com.google.re2j.Pattern.compile("c([a-zA-Z_][\\w.]{0,80})\n([a-zA-Z_][\\w.]{0,80})\n").matcher(text);
        var globals = new java.util.TreeSet<String>();
        while (old.find()) globals.add(old.group(1) + " " + old.group(2));
        var strings = new java.util.ArrayDeque<String>();
        for (int at = 0; at + 2 < bytes.length; at++) {
            int length = bytes[at + 1] & 0xff;
            boolean string = bytes[at] == (byte) 0x8c && at + 2 + length <= bytes.length;
            if (string) {
                strings.addLast(text.substring(at + 2, at + 2 + length));
                if (strings.size() > 2) strings.removeFirst();
                at += 1 + length;
            } else if (bytes[at] == (byte) 0x93 && strings.size() == 2) {
                var name = strings.getFirst() + " " + strings.getLast();
                if (name.matches("[a-zA-Z_][\\w.]* [a-zA-Z_][\\w.]*")) globals.add(name);
            }
        }
        return List.copyOf(globals);
    }
}
