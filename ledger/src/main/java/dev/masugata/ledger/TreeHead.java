package dev.masugata.ledger;

import java.util.Base64;

/// What a checkpoint says (C2SP tlog-checkpoint): how many entries, and the root over them.
///
/// @param origin the log's name, which is also its key's name
record TreeHead(String origin, long size, byte[] root) {
    TreeHead {
        if (size < 0 || root.length != Rfc6962.BYTES) throw new IllegalArgumentException("not a tree head");
    }

    /// The text that is signed.
    String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    /// @throws IllegalArgumentException when the note's text is not that of a checkpoint
    static TreeHead of(Note note) {
        var lines = note.text().split("\n", -1);
        // The last newline gives one more, empty item; lines after the third are extensions.
        if (lines.length < 4 || lines[0].isEmpty())
            throw new IllegalArgumentException("not a checkpoint: fewer than three lines");
        if (!lines[1].matches("0|[1-9][0-9]{0,17}"))
            throw new IllegalArgumentException("not a checkpoint: no tree size");
        var root = Base64.getDecoder().decode(lines[2]);
        if (root.length != Rfc6962.BYTES) throw new IllegalArgumentException("not a checkpoint: no root");
        return new TreeHead(lines[0], Long.parseLong(lines[1]), root);
    }
}
