package dev.masugata.app.scan;

import dev.masugata.app.Home;
import dev.masugata.model.Inventory;
import dev.masugata.model.Weakness;
import dev.masugata.scan.Catalog;
import dev.masugata.scan.Edits;
import dev.masugata.scan.Fix;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Mends in files what can be mended there: each change shown, each file kept as it was.
public final class Mending {
    /// Bytes of a token that is made.
    private static final int TOKEN_BYTES = 32;

    private final Home home;
    private final Path root;
    private final List<Changed> changed = new ArrayList<>();

    private Mending(Home home, Path root) {
        this.home = home;
        this.root = root;
    }

    /// @param root what names of files stand below
    public static List<Changed> all(Inventory inventory, Home home, Path root) throws IOException {
        var mending = new Mending(home, root);
        for (var weakness : inventory.weaknesses()) mending.mend(weakness);
        return mending.changed;
    }

    private void mend(Weakness weakness) throws IOException {
        var check = Catalog.shipped().check(weakness.check());
        if (check.isEmpty() || weakness.file().isEmpty()) return;
        var file = root.resolve(weakness.file());
        if (!Files.isRegularFile(file)) return;
        var place = place(weakness);
        for (var fix : check.get().fixes()) if (apply(fix, file, place, weakness)) return;
    }

    /// The way that the weakness names, which stands in its sentence.
    private static List<String> place(Weakness weakness) {
        int from = weakness.says().indexOf(": `");
        return from < 0 || !weakness.says().endsWith("`") ? List.of()
                : List.of(weakness.says().substring(from + 3, weakness.says().length() - 1).split("\\."));
    }

    private boolean apply(Fix fix, Path file, List<String> place, Weakness weakness) throws IOException {
        var name = file.toString();
        var text = Files.readString(file);
        return switch (fix) {
            case Fix.Close() -> close(file, weakness);
            case Fix.Set(var way, var value) -> {
                var path = way.equals(Fix.HERE) ? place : List.of(way.split("\\."));
                yield (Edits.has(name, text, path) || weakness.check().equals("CFG-014"))
                        && write(file, text, Edits.set(name, text, path, value), weakness);
            }
            case Fix.Remove(var way) -> {
                var path = way.equals(Fix.HERE) ? place : List.of(way.split("\\."));
                yield Edits.has(name, text, path) && write(file, text, Edits.remove(name, text, path), weakness);
            }
            case Fix.Random(var way) -> {
                var path = List.of(way.split("\\."));
                yield Edits.has(name, text, path)
                        && write(file, text, Edits.set(name, text, path, Json.of(token())), weakness);
            }
            case Fix.Variable() -> variable(file, text, place, weakness);
        };
    }

    private static String token() {
        var bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private boolean close(Path file, Weakness weakness) throws IOException {
        var before = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        Files.setPosixFilePermissions(file.toRealPath(), Atomic.OWNER);
        changed.add(new Changed(file, Optional.empty(), weakness.check(), List.of("- " + before, "+ rw-------")));
        return true;
    }

    /// Only where the agent itself puts variables into its configuration, and reads them from a file beside it.
    private boolean variable(Path file, String text, List<String> place, Weakness weakness) throws IOException {
        if (!file.endsWith(Path.of(".openclaw", "openclaw.json"))) return false;
        var value = Edits.string(file.toString(), text, place);
        if (value.isEmpty() || value.get().contains("\n")) return false;
        var name = ("OPENCLAW_" + String.join("_", place)).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
        var variables = file.resolveSibling(".env");
        var before = Files.exists(variables) ? Files.readString(variables) : "";
        Backup.of(home, variables);
        Atomic.write(variables, before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + name + "="
                + value.get() + "\n",
                Atomic.OWNER);
        return write(file, text, Edits.set(file.toString(), text, place, Json.of("${" + name + "}")), weakness);
    }

    private boolean write(Path file, String before, Optional<String> after, Weakness weakness) throws IOException {
        if (after.isEmpty() || after.get().equals(before)) return false;
        var backup = Backup.of(home, file);
        Atomic.write(file, after.get(), Atomic.mode(file));
        changed.add(new Changed(file, backup, weakness.check(), Difference.of(before, after.get())));
        return true;
    }
}
