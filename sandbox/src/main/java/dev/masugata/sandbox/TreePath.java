package dev.masugata.sandbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A path inside a workspace, as the bytes that the kernel has: a name on Linux need not be text.
///
/// @param raw the bytes as an ISO 8859-1 string, names separated by `/`; empty for the workspace itself
public record TreePath(String raw) implements Comparable<TreePath> {
    /// The workspace itself.
    public static final TreePath ROOT = new TreePath("");

    public TreePath {
        if (raw.startsWith("/") || raw.endsWith("/") || raw.contains("//") || raw.indexOf('\0') >= 0)
            throw new IllegalArgumentException("not a path inside a workspace");
        for (var name : raw.split("/"))
            if (name.equals(".") || name.equals(".."))
                throw new IllegalArgumentException("a path inside a workspace has no `.` and no `..`");
    }

    /// The path that text means, in UTF-8.
    public static TreePath of(String text) {
        return new TreePath(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /// The bytes of an absolute path, whatever the locale of this process.
    static String raw(Path path) {
        var encoded = path.toUri().getRawPath();
        var bytes = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) != '%') bytes.append(encoded.charAt(i));
            else {
                bytes.append((char) Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            }
        }
        // A directory's URI ends in a slash.
        return bytes.length() > 1 && bytes.charAt(bytes.length() - 1) == '/'
                ? bytes.substring(0, bytes.length() - 1)
                : bytes.toString();
    }

    public TreePath child(String rawName) {
        return new TreePath(raw.isEmpty() ? rawName : raw + "/" + rawName);
    }

    /// Every directory on the way, from the first beneath the workspace, and it itself last.
    List<TreePath> steps() {
        var steps = new ArrayList<TreePath>();
        for (var at = this; !at.raw.isEmpty(); at = at.parent()) steps.addFirst(at);
        return steps;
    }

    /// The directory it lies in; that of the workspace is the workspace.
    public TreePath parent() {
        var slash = raw.lastIndexOf('/');
        return slash < 0 ? ROOT : new TreePath(raw.substring(0, slash));
    }

    /// Its last name, in raw bytes.
    public String name() {
        return raw.substring(raw.lastIndexOf('/') + 1);
    }

    /// Whether it is that path or lies beneath it.
    public boolean within(TreePath other) {
        return other.raw.isEmpty() || raw.equals(other.raw) || raw.startsWith(other.raw + "/");
    }

    @Override
    public int compareTo(TreePath other) {
        return raw.compareTo(other.raw);
    }

    /// For people: UTF-8 where it is that; bytes that are not, and characters that would act on a terminal or
    /// reorder text, as escapes.
    @Override
    public String toString() {
        return Visible.bytes(raw);
    }
}
