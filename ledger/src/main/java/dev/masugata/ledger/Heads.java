package dev.masugata.ledger;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signs tree heads, and keeps the newest in the head file.
final class Heads {
    private static final System.Logger LOG = System.getLogger("masugata.ledger");

    private final NoteKey key;
    private final HeadFile file;
    private @Nullable Note newest;

    Heads(NoteKey key, HeadFile file) {
        this.key = key;
        this.file = file;
    }

    String origin() {
        return key.verifier().name();
    }

    /// What the file holds.
    ///
    /// @throws LedgerUnavailable when it was not signed by our key
    synchronized Optional<TreeHead> read() throws IOException {
        var note = file.read();
        if (note.isPresent() && !key.verifier().accepts(note.get()))
            throw new LedgerUnavailable("`" + file.file() + "` was not signed by this home's key `" + origin()
                    + "`: restore keys and ledger from the same backup");
        newest = note.orElse(null);
        return note.map(TreeHead::of);
    }

    /// The checkpoint of that size and root, signed and on disk. A head is signed once; an older one than the newest
    /// is signed but not kept.
    synchronized Note publish(long size, byte[] root) {
        if (newest != null && TreeHead.of(newest).size() == size) return newest;
        var note = key.sign(new TreeHead(origin(), size, root).text());
        if (newest != null && TreeHead.of(newest).size() > size) return note;
        newest = note;
        try {
            file.write(note);
        } catch (IOException e) {
            // The old file stays and is still true. The ledger itself says when the disk is full.
            LOG.log(Level.WARNING, "`" + file.file() + "` could not be renewed: " + e.getMessage());
        }
        return note;
    }
}
