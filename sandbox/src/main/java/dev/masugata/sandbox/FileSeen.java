package dev.masugata.sandbox;

/// What stands at a path of a workspace as a session sees it.
public sealed interface FileSeen {
    /// No regular file: nothing, or a directory.
    record NoFile() implements FileSeen {}

    /// A regular file.
    ///
    /// @param size in bytes
    /// @param sha256 of its content, in lower-case hexadecimal
    record File(long size, String sha256) implements FileSeen {}

    /// Something whose content cannot be vouched for.
    ///
    /// @param why completes a sentence about the path
    record Unknown(String why) implements FileSeen {}
}
