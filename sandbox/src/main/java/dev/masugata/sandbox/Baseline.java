package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which of the host's files a session may be taken to know: those that did not change since it began, and those
/// that were applied from it since. Also what an apply was about to do, so that a crash leaves nothing behind unseen.
///
/// The kernel sets a file's change time on every write, rename and change of rights, and no call sets it to a chosen
/// value. `started` was stamped by the same clock before the overlay stood, so a later change time means that the
/// host moved on. What the session put in the place of the host's, and the host then deleted, is known by the paths
/// that were there at the beginning ([Listing]). Not noticed: a whole directory renamed into another's place whose
/// files are older; and that the host deleted again what it had made after the session began and the session then
/// replaced. For an ordinary user the kernel does not say of which file a copy is one: if the session itself deleted or
/// moved files, a copy at a path that is not in the listing may be one of those, and counts as such.
final class Baseline {
    private static final String INTENDED = "intended";
    private static final String APPLIED = "applied";
    private static final String REPLACED = "replaced";

    private final Path file;
    private final long started;
    private final Listing began;
    private final Map<String, Change.Stamp> applied = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();
    private final Map<String, Optional<Change.Stamp>> intended = new HashMap<>();

    private Baseline(Path file, long started, Listing began) {
        this.file = file;
        this.started = started;
        this.began = began;
    }

    /// @param directory the session's own, in the home
    static Baseline read(Path directory, long started) throws IOException {
        var file = directory.resolve(Store.APPLIED);
        var baseline = new Baseline(file, started, Listing.read(directory.resolve(Store.BEGAN)));
        if (Files.exists(file))
            for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) baseline.take(line);
        return baseline;
    }

    /// A line cut short by a crash is no line: its file then counts as moved on, which errs on the safe side.
    private void take(String line) {
        var fields = line.split(" ");
        if (fields.length == 3 && fields[0].equals(REPLACED) && fields[2].equals(".")) replaced.add(fields[1]);
        if (fields.length != 8 || !fields[7].equals(".")) return;
        var path = new String(HexFormat.of().parseHex(fields[1]), StandardCharsets.ISO_8859_1);
        var numbers =
                java.util.Arrays.stream(fields, 2, 7).mapToLong(Long::parseLong).toArray();
        var stamp = new Change.Stamp(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        if (fields[0].equals(INTENDED)) intended.put(path, stamp.inode() == 0 ? Optional.empty() : Optional.of(stamp));
        if (fields[0].equals(APPLIED)) {
            intended.remove(path);
            applied.put(path, stamp);
        }
    }

    /// Whether the host's file is not the one that the session saw.
    boolean movedOn(TreePath path, Stat host) {
        return host.changed() > started && !Change.Stamp.of(host).equals(applied.get(path.raw()));
    }

    /// Whether the host removed what was applied there from the session.
    boolean removed(TreePath path) {
        var stamp = applied.get(path.raw());
        return stamp != null && stamp.inode() != 0;
    }

    /// Whether the host had something there when the session began, given that it has nothing now and no apply from
    /// this session took it away, nor one that was interrupted.
    boolean vanished(TreePath path) {
        return began.had(path) && !applied.containsKey(path.raw()) && !intended.containsKey(path.raw());
    }

    /// Whether [#vanished] is known of every path.
    boolean knowsAll() {
        return began.isWhole();
    }

    /// Whether the host's file of that handle is gone because an apply from this session replaced or deleted it.
    boolean replaced(String handle) {
        return replaced.contains(handle);
    }

    /// Whether an apply from this session deleted anything of the host's.
    boolean deletedAny() {
        return applied.values().stream().anyMatch(stamp -> stamp.inode() == 0);
    }

    /// Notes that the host's file of that handle is about to be replaced or deleted.
    void replacing(String handle) throws IOException {
        if (replaced.add(handle)) append(REPLACED + " " + handle + " .\n");
    }

    /// What an interrupted apply was about to change, with the host's file that it was to replace.
    Map<TreePath, Optional<Change.Stamp>> interrupted() {
        Map<TreePath, Optional<Change.Stamp>> all = new HashMap<>();
        intended.forEach((raw, stamp) -> all.put(new TreePath(raw), stamp));
        return all;
    }

    /// Notes what is about to be changed, before anything is.
    void intend(TreePath path, Optional<Change.Stamp> host) throws IOException {
        intended.put(path.raw(), host);
        write(INTENDED, path, host.orElse(new Change.Stamp(0, 0, 0, 0, 0)));
    }

    /// Notes that it is done: what stands there now, or nothing.
    void applied(TreePath path, Optional<Stat> host) throws IOException {
        var stamp = host.map(Change.Stamp::of).orElse(new Change.Stamp(0, 0, 0, 0, 0));
        intended.remove(path.raw());
        applied.put(path.raw(), stamp);
        write(APPLIED, path, stamp);
    }

    private void write(String what, TreePath path, Change.Stamp stamp) throws IOException {
        var name = HexFormat.of().formatHex(path.raw().getBytes(StandardCharsets.ISO_8859_1));
        var line = "%s %s %d %d %d %d %d .\n"
                .formatted(what, name, stamp.device(), stamp.inode(), stamp.size(), stamp.modified(), stamp.changed());
        append(line);
    }

    private void append(String line) throws IOException {
        Files.writeString(file, line, StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
