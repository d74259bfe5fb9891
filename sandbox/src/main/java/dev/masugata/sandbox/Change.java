package dev.masugata.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One path that a session left other than the host has it now.
///
/// @param before what the host has; empty if nothing
/// @param after what the session has; empty if it deleted it
/// @param host which file exactly the host had when this was seen: another one there later is not overwritten
/// @param obstacle why it will not be applied, known already now
public record Change(
        TreePath path, Optional<Node> before, Optional<Node> after, Optional<Stamp> host, Optional<String> obstacle) {

    public Change {
        if (before.isEmpty() && after.isEmpty()) throw new IllegalArgumentException("nothing changed");
        if (before.isPresent() != host.isPresent()) throw new IllegalArgumentException("a host's file without a stamp");
    }

    /// The same, not to be applied for that reason; the reason it has already stands.
    Change withObstacle(String reason) {
        return obstacle.isPresent() ? this : new Change(path, before, after, host, Optional.of(reason));
    }

    /// How a file is recognized: any write to it, and any other file in its place, changes the stamp. Times in
    /// nanoseconds since the epoch.
    public record Stamp(long device, long inode, long size, long modified, long changed) {
        static Stamp of(Stat stat) {
            return new Stamp(stat.device(), stat.inode(), stat.size(), stat.modified(), stat.changed());
        }

        /// The same file with the same content, whatever it is called meanwhile: a rename sets `changed`.
        boolean sameContent(Stamp other) {
            return device == other.device && inode == other.inode && size == other.size && modified == other.modified;
        }
    }

    /// What of it is never applied, whoever set it: `set-user-id`, `set-group-id`, `sticky`.
    public List<String> dropped() {
        int mode = after.map(node -> switch (node) {
                    case Node.File it -> it.mode();
                    case Node.Directory it -> it.mode();
                    case Node.Link _, Node.Special _ -> 0;
                })
                .orElse(0);
        var dropped = new ArrayList<String>();
        if ((mode & 04000) != 0) dropped.add("set-user-id");
        if ((mode & 02000) != 0) dropped.add("set-group-id");
        if ((mode & 01000) != 0) dropped.add("sticky");
        return List.copyOf(dropped);
    }

    public enum Kind {
        ADDED,
        DELETED,
        MODIFIED,
        /// Only the permission bits differ.
        PERMISSIONS,
        /// A file became a directory or a link, or the other way round.
        RETYPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Kind kind() {
        if (before.isEmpty()) return Kind.ADDED;
        if (after.isEmpty()) return Kind.DELETED;
        return switch (after.get()) {
            case Node.File now when before.get() instanceof Node.File old ->
                now.size() == old.size() && now.sha256().equals(old.sha256()) ? Kind.PERMISSIONS : Kind.MODIFIED;
            case Node.Directory _ when before.get() instanceof Node.Directory -> Kind.PERMISSIONS;
            case Node.Link _ when before.get() instanceof Node.Link -> Kind.MODIFIED;
            case Node.File _, Node.Directory _, Node.Link _, Node.Special _ -> Kind.RETYPED;
        };
    }
}
