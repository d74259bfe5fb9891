package dev.masugata.app.scan;

import dev.masugata.app.Home;
import dev.masugata.app.Version;
import dev.masugata.model.Inventory;
import dev.masugata.scan.Catalog;
import dev.masugata.scan.Inventories;
import dev.masugata.scan.Progress;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The last scan, in Masugata's home: `inventory.json`; and one that was interrupted, `scan.partial.json`, from which
/// the
/// next scan of the same places goes on.
public final class KeptInventory implements Progress {
    /// Bytes of such a file: an inventory of a large monorepo.
    static final int BYTES = 256 * 1024 * 1024;
    private static final Limits LIMITS = new Limits(BYTES, 16, 2_000_000, 20_000_000, 1024 * 1024, 64);
    private static final long NANOS = 2_000_000_000L;

    private final Home home;
    private final String roots;
    private final @Nullable Inventory earlier;
    private final String reached;
    private long written = System.nanoTime();

    public KeptInventory(Home home, List<Path> paths) {
        this.home = home;
        this.roots = String.join("\n", paths.stream().map(it -> it.toAbsolutePath().normalize().toString()).toList());
        var partial = read(partial()).filter(this::fits);
        this.earlier = partial.map(it -> Inventories.of(it.object("inventory"))).orElse(null);
        this.reached = partial.flatMap(it -> it.string("reached")).orElse("");
    }

    private Path partial() {
        return home.directory().resolve("scan.partial.json");
    }

    private static Optional<Json.Obj> read(Path file) {
        if (!Files.isRegularFile(file)) return Optional.empty();
        try (var in = Files.newInputStream(file)) {
            return JsonReader.read(in.readNBytes(BYTES), LIMITS) instanceof Json.Obj object ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException | JsonException broken) {
            // Half of it was never written; then there is nothing to go on from.
            return Optional.empty();
        }
    }

    private boolean fits(Json.Obj partial) {
        return partial.string("roots").orElse("").equals(roots)
                && partial.string("version").orElse("").equals(Version.NUMBER)
                && partial.integer("checks").orElse(0L) == Catalog.shipped().checks().size();
    }

    /// The file after which this scan goes on.
    public Optional<String> resumed() {
        return earlier == null ? Optional.empty() : Optional.of(reached.substring(reached.indexOf(' ') + 1));
    }

    @Override
    public Optional<Inventory> before() {
        return Optional.ofNullable(earlier);
    }

    @Override
    public boolean done(String name) {
        return earlier != null && name.compareTo(reached) <= 0;
    }

    @Override
    public void reached(String name, Supplier<Inventory> found, boolean last) {
        if (!last && System.nanoTime() - written < NANOS) return;
        written = System.nanoTime();
        write(partial(), partial(name, found.get()));
    }

    private Json.Obj partial(String name, Inventory inventory) {
        return Json.object("roots", roots).with("version", Version.NUMBER)
                .with("checks", Catalog.shipped().checks().size()).with("reached", name)
                .with("inventory", Inventories.json(inventory));
    }

    /// @param complete nothing has to be gone on with
    public void keep(Inventory inventory, boolean complete) throws IOException {
        if (!complete) return;
        write(home.directory().resolve("inventory.json"), Inventories.json(inventory));
        Files.deleteIfExists(partial());
    }

    private void write(Path file, Json.Obj json) {
        try {
            home.make();
            Atomic.write(file, JsonWriter.text(json), Atomic.OWNER);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (Home.Unusable unusable) {
            throw new UncheckedIOException(new IOException(unusable.getMessage()));
        }
    }
}
