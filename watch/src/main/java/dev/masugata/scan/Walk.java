package dev.masugata.scan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The files below a directory, in one order. No link is followed: a cycle has no way in.
final class Walk extends SimpleFileVisitor<Path> {
    /// Directories that others filled: packages in them are looked at by name, their files are theirs.
    private static final Set<String> FOREIGN =
            Set.of(".git", "node_modules", ".venv", "venv", "site-packages", "__pypackages__", ".hg", ".svn", ".m2",
                    ".gradle");

    /// @param size in bytes; -1 for a link
    record Entry(Path path, String name, long size) {
        boolean link() {
            return size < 0;
        }
    }

    private final Path root;
    private final String prefix;
    private final ScanLimits limits;
    private final Found found;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> bundles = new TreeSet<>();

    private Walk(Path root, String prefix, ScanLimits limits, Found found) {
        this.root = root;
        this.prefix = prefix;
        this.limits = limits;
        this.found = found;
    }

    /// @param bundles directories with a `SKILL.md`, by the names of the entries
    record Met(List<Entry> entries, Set<String> bundles) {}

    /// @param prefix what stands before names below the root; empty, or with `/` at its end
    static Met of(Path root, String prefix, ScanLimits limits, Found found) throws IOException {
        var walk = new Walk(root, prefix, limits, found);
        Files.walkFileTree(root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), limits.depth(), walk);
        walk.entries.sort(Comparator.comparing(Entry::name));
        return new Met(walk.entries, walk.bundles);
    }

    private String name(Path path) {
        return prefix + root.relativize(path).toString();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        var leaf = String.valueOf(directory.getFileName());
        if (directory.equals(root) || !FOREIGN.contains(leaf)) return FileVisitResult.CONTINUE;
        // In a skill nothing is foreign: what is hidden there would be hidden from everybody.
        if (inBundle(directory)) return FileVisitResult.CONTINUE;
        return FileVisitResult.SKIP_SUBTREE;
    }

    private boolean inBundle(Path directory) {
        for (var at = directory.getParent(); at != null && at.startsWith(root); at = at.getParent())
            if (Files.isRegularFile(at.resolve("SKILL.md"), LinkOption.NOFOLLOW_LINKS)) return true;
        return false;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (entries.size() >= limits.files()) {
            found.unread(name(file), "more than " + limits.files() + " files: scan its directories one by one");
            return FileVisitResult.TERMINATE;
        }
        if (attributes.isDirectory()) found.unread(name(file), "deeper than " + limits.depth() + " directories");
        else if (attributes.isSymbolicLink()) entries.add(new Entry(file, name(file), -1));
        else if (attributes.isRegularFile()) regular(file, attributes);
        return FileVisitResult.CONTINUE;
    }

    private void regular(Path file, BasicFileAttributes attributes) {
        var name = name(file);
        entries.add(new Entry(file, name, attributes.size()));
        if (Skills.is(String.valueOf(file.getFileName())))
            bundles.add(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        found.unread(name(file), "cannot be read");
        return FileVisitResult.CONTINUE;
    }
}
