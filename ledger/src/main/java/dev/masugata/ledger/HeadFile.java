package dev.masugata.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// The second place where size and root are kept: the last signed checkpoint, in a file beside the database. A
/// database that was put back to an older state does not fit it.
record HeadFile(Path file) {

    /// @throws LedgerUnavailable when there is a file, and it is no checkpoint
    Optional<Note> read() throws IOException {
        try {
            var note = Note.parse(Files.readString(file));
            TreeHead.of(note);
            return Optional.of(note);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new LedgerUnavailable(
                    "`" + file + "` is damaged: " + e.getMessage() + "; run `masugata log verify`", e);
        }
    }

    /// Replaces the file in one step: whoever reads finds the old one or the new one, whole.
    void write(Note note) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(next, options, owner)) {
            var bytes = ByteBuffer.wrap(note.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
