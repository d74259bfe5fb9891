package dev.masugata.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// What a person typed at a terminal, line by line, out of the bytes that the terminal sent.
///
/// Only what keys write counts. A terminal also sends what a program made it send: cursor reports, its title, its
/// clipboard (ECMA-48 control sequences and control strings). That is the program's text, so it is left out: else an
/// agent could have the terminal speak for the user.
final class TypedLines {
    /// Bytes of one line; what comes behind them is not taken.
    static final int LINE_BYTES_MAX = 64 * 1024;

    private static final int ESC = 0x1B;
    private static final int BELL = 0x07;
    private static final int BACKSPACE = 0x08;
    private static final int DELETE = 0x7F;
    /// Control-U and control-W: take back the line, the word.
    private static final int KILL = 0x15;

    private static final int WORD_ERASE = 0x17;

    private enum State {
        TEXT,
        /// Behind ESC.
        ESCAPE,
        /// Behind ESC `[`: parameters, until a final byte.
        SEQUENCE,
        /// Behind ESC `O`: one byte of a function key.
        KEY,
        /// Behind ESC `]`, `P`, `X`, `^`, `_`: until BEL or ESC `\`.
        STRING,
        /// ESC within such a string.
        STRING_ESCAPE
    }

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private State state = State.TEXT;

    /// @param lines gets each line when it was entered, without its end
    TypedLines(Consumer<String> lines) {
        this.lines = lines;
    }

    void typed(byte[] bytes) {
        for (byte b : bytes) typed(b & 0xFF);
    }

    private void typed(int b) {
        state = switch (state) {
            case TEXT -> text(b);
            case ESCAPE -> escaped(b);
            case SEQUENCE -> b >= 0x40 && b <= 0x7E ? State.TEXT : State.SEQUENCE;
            case KEY -> State.TEXT;
            case STRING -> b == BELL ? State.TEXT : b == ESC ? State.STRING_ESCAPE : State.STRING;
            case STRING_ESCAPE -> b == '\\' ? State.TEXT : b == ESC ? State.STRING_ESCAPE : State.STRING;
        };
    }

    private State text(int b) {
        switch (b) {
            case ESC -> {
                return State.ESCAPE;
            }
            case '\r', '\n' -> entered();
            case BACKSPACE, DELETE -> keep(beforeLastCharacter());
            case KILL -> line.reset();
            case WORD_ERASE -> keep(beforeLastWord());
            default -> {
                boolean writes = b >= 0x20 || b == '\t';
                if (writes && line.size() < LINE_BYTES_MAX) line.write(b);
            }
        }
        return State.TEXT;
    }

    private static State escaped(int b) {
        return switch (b) {
            case '[' -> State.SEQUENCE;
            case 'O' -> State.KEY;
            case ']', 'P', 'X', '^', '_' -> State.STRING;
            case ESC -> State.ESCAPE;
            default -> State.TEXT;
        };
    }

    private void entered() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (!text.isBlank()) lines.accept(text);
    }

    private void keep(int length) {
        var bytes = line.toByteArray();
        line.reset();
        line.write(bytes, 0, length);
    }

    private int beforeLastCharacter() {
        var bytes = line.toByteArray();
        int at = bytes.length;
        // The bytes of one character behind its first one: 10xxxxxx.
        while (at > 0 && (bytes[at - 1] & 0xC0) == 0x80) at--;
        return Math.max(0, at - 1);
    }

    private int beforeLastWord() {
        var bytes = line.toByteArray();
        int at = bytes.length;
        while (at > 0 && bytes[at - 1] == ' ') at--;
        while (at > 0 && bytes[at - 1] != ' ') at--;
        return at;
    }
}
