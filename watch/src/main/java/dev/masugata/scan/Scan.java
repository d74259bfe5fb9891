package dev.masugata.scan;

import dev.masugata.model.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A look at a machine or at directories. It reads; it starts nothing of what it reads.
public final class Scan {
    /// Files between two looks at the clock, and between two states that can be gone on from.
    static final int BATCH = 2_000;

    private final ScanLimits limits;
    private final Progress progress;
    private final Found found = new Found();
    private final Judge judge = new Judge(Catalog.shipped(), found);
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong analysed = new AtomicLong();
    private final long end;
    private long files;
    private int groups;
    private boolean complete = true;

    private Scan(ScanLimits limits, Progress progress) {
        this.limits = limits;
        this.progress = progress;
        this.end = System.nanoTime() + limits.time().toNanos();
        progress.before().ifPresent(found::recall);
    }

    /// What a scan says: what it found, and how much of what is there it looked at.
    public record Result(Inventory inventory, Coverage coverage) {}

    /// Directories, repositories and single files.
    public static Result paths(List<Path> roots, ScanLimits limits, Progress progress) throws IOException {
        var scan = new Scan(limits, progress);
        for (var root : roots) scan.root(root.toAbsolutePath().normalize(), roots.size() > 1);
        return scan.result();
    }

    /// This machine: what agents keep in homes and in the projects they know, what runs, what listens.
    public static Result machine(List<Path> homes, Machine machine, ScanLimits limits, Progress progress)
            throws IOException {
        var scan = new Scan(limits, progress);
        var owner = scan.found.add("Machine", "machine:local", "this machine", Map.of());
        var scene = new Scene(scan.found, scan.judge, owner, true);
        var homesOf = new Homes(limits, scan.found);
        for (var home : homes) scan.files(homesOf.of(home), new Looks(scene));
        scan.files(homesOf.system(), new Looks(scene));
        new Live(scene).look(machine);
        return scan.result();
    }

    private Result result() {
        if (complete) new Together(found, judge).look();
        var coverage = new Coverage(files, read.get(), bytes.get(), analysed.get(), found.unread(), complete);
        return new Result(found.inventory(), coverage);
    }

    private void root(Path root, boolean several) throws IOException {
        boolean directory = Files.isDirectory(root);
        var leaf = String.valueOf(root.getFileName());
        var owner = found.add("Repository", "repository:" + leaf, leaf, Map.of("path", root.toString()));
        var looks = new Looks(new Scene(found, judge, owner, false));
        var top = directory ? root : root.getParent();
        if (directory) files(Walk.of(root, several ? leaf + "/" : "", limits, found), looks);
        else if (top != null && Files.isRegularFile(root))
            files(new Walk.Met(List.of(new Walk.Entry(root, leaf, Files.size(root))), Skills.is(leaf) ? Set.of("")
                    : Set.of()), looks);
        else throw new java.nio.file.NoSuchFileException(root.toString());
    }

    private void files(Walk.Met met, Looks looks) {
        files += met.entries().size();
        // Names of one group are in order, and so are the groups: what was reached says what is left.
        var group = String.format("%03d ", groups++);
        for (int from = 0; from < met.entries().size() && complete; from += BATCH) {
            var batch = met.entries().subList(from, Math.min(from + BATCH, met.entries().size()));
            if (progress.done(group + batch.getLast().name())) continue;
            each(batch, met.bundles(), looks);
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                complete = false;
                found.unread(batch.getLast().name(), "the scan ended after this file");
            }
            progress.reached(group + batch.getLast().name(), found::inventory, !complete);
        }
    }

    private void each(List<Walk.Entry> batch, Set<String> bundles, Looks looks) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
        try (var workers = Executors.newFixedThreadPool(threads)) {
            var parts = new ArrayList<Future<?>>();
            for (int i = 0; i < threads; i++) {
                int first = i;
                parts.add(workers.submit(() -> {
                    for (int at = first; at < batch.size(); at += threads) one(batch.get(at), bundles, looks);
                }));
            }
            for (var part : parts) part.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a look at a file failed", broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(Walk.Entry entry, Set<String> bundles, Looks looks) {
        var bundle = bundle(entry.name(), bundles);
        if (entry.link()) {
            if (bundle != null) new Links(found, judge).look(entry, looks.skill(bundle));
            return;
        }
        int wanted = looks.wants(entry.name(), entry.size(), bundle != null, limits.fileBytes());
        if (wanted == 0) return;
        try {
            looks.look(source(entry, wanted), bundle != null, bundle == null ? "" : bundle);
        } catch (IOException unreadable) {
            found.unread(entry.name(), "cannot be read");
        } catch (RuntimeException broken) {
            throw new IllegalStateException("`" + entry.name() + "`: " + broken, broken);
        }
    }

    private Source source(Walk.Entry entry, int wanted) throws IOException {
        try (var in = Files.newInputStream(entry.path())) {
            var some = in.readNBytes((int) Math.min(wanted, Math.max(entry.size(), 0) + 1));
            var source = new Source(entry.path(), entry.name(), some, Math.max(entry.size(), some.length),
                    mode(entry.path()));
            read.incrementAndGet();
            bytes.addAndGet(source.size());
            analysed.addAndGet(some.length);
            if (source.cut() && wanted == limits.fileBytes()) found.unread(entry.name(), "read up to " + wanted
                    + " bytes");
            return source;
        }
    }

    private static int mode(Path path) throws IOException {
        int mode = 0;
        for (var one : Files.getPosixFilePermissions(path)) mode |= 1 << PosixFilePermission.values(
                ).length - 1 - one.ordinal();
        return mode;
    }

    private static @Nullable String bundle(String name, Set<String> bundles) {
        if (bundles.isEmpty()) return null;
        for (int slash = name.lastIndexOf('/'); slash >= 0; slash = name.lastIndexOf('/', slash - 1)) {
            var directory = name.substring(0, slash);
            if (bundles.contains(directory)) return directory;
        }
        return bundles.contains("") ? "" : null;
    }
}
