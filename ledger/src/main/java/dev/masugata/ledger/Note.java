package dev.masugata.ledger;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Signed text (C2SP signed-note): lines, a blank line, and a line for each signature.
///
/// @param text       what is signed, with its last newline
/// @param signatures in their order
record Note(String text, List<Signature> signatures) {
    /// Bytes of one note that are read.
    static final int MAX_CHARS = 64 * 1024;

    private static final String DASH = "\u2014 ";

    /// @param id the key's id: with the name it says which key signed
    record Signature(String key, int id, byte[] bytes) {
        String line() {
            var packed = ByteBuffer.allocate(4 + bytes.length).putInt(id).put(bytes).array();
            return DASH + key + " " + Base64.getEncoder().encodeToString(packed) + "\n";
        }

        static Signature parse(String line) {
            var parts = line.split(" ", -1);
            if (parts.length != 3 || !line.startsWith(DASH) || parts[1].isEmpty() || parts[1].contains("+"))
                throw new IllegalArgumentException("a signature line is not `\u2014 name base64`");
            var packed = Base64.getDecoder().decode(parts[2]);
            if (packed.length < 5) throw new IllegalArgumentException("a signature is too short");
            var bytes = Arrays.copyOfRange(packed, 4, packed.length);
            return new Signature(parts[1], ByteBuffer.wrap(packed).getInt(), bytes);
        }
    }

    Note {
        if (!text.endsWith("\n")) throw new IllegalArgumentException("a note's text ends in a newline");
        signatures = List.copyOf(signatures);
    }

    /// @throws IllegalArgumentException when it is not a signed note
    static Note parse(String note) {
        if (note.length() > MAX_CHARS)
            throw new IllegalArgumentException("a note of more than " + MAX_CHARS + " characters");
        if (note.chars().anyMatch(c -> c < 0x20 && c != '\n'))
            throw new IllegalArgumentException("a note holds a control character");
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n")) throw new IllegalArgumentException("not a signed note");
        var signatures = new ArrayList<Signature>();
        for (var line : note.substring(blank + 2, Math.max(blank + 2, note.length() - 1)).split("\n", -1))
            signatures.add(Signature.parse(line));
        return new Note(note.substring(0, blank + 1), signatures);
    }

    @Override
    public String toString() {
        var note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }
}
