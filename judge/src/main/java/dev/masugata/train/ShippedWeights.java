package dev.masugata.train;

import dev.masugata.inspect.LinearModel;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What the build runs: trains the weights that the product ships, unless they are there already and nothing that they
/// are made of has changed.
public final class ShippedWeights {
    private static final String ROOM = "dev/masugata/inspect";

    private ShippedWeights() {}

    /// @param arguments the directory of this wing's compiled classes
    public static void main(String[] arguments) throws IOException {
        var classes = Path.of(arguments[0]);
        var directory = classes.resolve(ROOM);
        var inputs = directory.resolve("model.inputs");
        var now = inputs(classes);
        boolean made = Files.exists(directory.resolve("model.bin")) && Files.exists(inputs);
        if (made && Files.readString(inputs).equals(now)) return;
        long began = System.nanoTime();
        var trained = new Training(Training.SEED, Training.EACH, _ -> {}).run(List.of());
        Files.write(directory.resolve("model.bin"), trained.bytes());
        Files.writeString(directory.resolve("model-card.json"), JsonWriter.text(trained.card().json()) + "\n");
        Files.writeString(directory.resolve("model-card.md"), trained.card().markdown());
        Files.writeString(inputs, now);
        System.out.printf(
                "trained the weights %s in %.1f s%n",
                trained.model().digest().substring(0, 12),
                (System.nanoTime() - began) / 1e9);
    }

    /// A digest of the texts and of the code that reads and learns them.
    private static String inputs(Path classes) throws IOException {
        var files = new ArrayList<Path>();
        for (var room : List.of(ROOM, "dev/masugata/train"))
            try (var all = Files.list(classes.resolve(room))) {
                all.filter(it -> it.toString().endsWith(".class")).sorted().forEach(files::add);
            }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files) digest.update(Files.readAllBytes(file));
            var names = new ArrayList<>(Corpus.TRAINED);
            names.addAll(Corpus.HELD);
            names.add("thresholds");
            names.add("own");
            for (var name : names)
                try (var in = LinearModel.class.getResourceAsStream("/catalog/training/" + name + ".txt")) {
                    if (in == null) throw new IOException("`catalog/training/" + name + ".txt` is missing");
                    digest.update(in.readAllBytes());
                }
            return HexFormat.of().formatHex(digest.digest()) + "\n";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
