package dev.masugata.sandbox;

import java.util.Optional;

/// What stands at a path: on the host, or in a session's layer.
public sealed interface Node {

    /// A regular file.
    ///
    /// @param mode permission bits with set-user-id, set-group-id and sticky
    /// @param size in bytes
    /// @param sha256 of its content in lower-case hexadecimal, where it was read: always for what a session made
    record File(int mode, long size, Optional<String> sha256) implements Node {}

    record Directory(int mode) implements Node {}

    /// A symbolic link.
    ///
    /// @param target as raw bytes, never resolved
    record Link(String target) implements Node {
        /// For people and programs that read text.
        public String text() {
            return Visible.bytes(target);
        }
    }

    /// A pipe, socket or device; none is ever applied.
    record Special(String what) implements Node {}

    /// The word for a listing.
    default String word() {
        return switch (this) {
            case File _ -> "file";
            case Directory _ -> "directory";
            case Link _ -> "link";
            case Special(var what) -> what;
        };
    }
}
