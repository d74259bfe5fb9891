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
    /// Control-C: what was typed is given up.
    private static final int INTERRUPT = 0x03;

    private enum State {
        TEXT,
        /// Behind ESC.
        ESCAPE,
        /// Behind ESC and an intermediate byte: until a final one.
        INTERMEDIATE,
        /// Behind ESC `[`: parameters, until a final byte.
        SEQUENCE,
        /// Behind ESC `[` `M`: three bytes of an old mouse report.
        MOUSE,
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
    private int mouse;
    /// Bytes of the current UTF-8 character still to come, and its first one.
    private int following;

    private int lead;

    /// @param lines gets each line when it was entered, without its end
    TypedLines(Consumer<String> lines) {
        this.lines = lines;
    }

    void typed(byte[] bytes) {
        for (byte b : bytes) typed(b & 0xFF);
    }

    private void typed(int b) {
        int control = control(b);
        if (control >= 0 && state == State.TEXT && lead == 0xC2) keep(line.size() - 1);
        state = control >= 0 ? controlled(control) : next(b);
    }

    /// A control character of the upper set (ECMA-48, 5.3) as the letter that ESC would have before it: alone, or in
    /// UTF-8 as C2 80 to C2 9F. Within another character such a byte is none.
    private int control(int b) {
        boolean continues = following > 0 && (b & 0xC0) == 0x80;
        if (continues) {
            following--;
            boolean upper = lead == 0xC2 && b < 0xA0;
            if (!upper) lead = 0;
            return upper ? b - 0x40 : -1;
        }
        lead = b >= 0xC2 && b <= 0xF4 ? b : 0;
        following = lead == 0 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        return b >= 0x80 && b <= 0x9F ? b - 0x40 : -1;
    }

    private State controlled(int letter) {
        lead = 0;
        if (state == State.STRING || state == State.STRING_ESCAPE) return letter == '\\' ? State.TEXT : State.STRING;
        return escaped(letter);
    }

    private State next(int b) {
        return switch (state) {
            case TEXT -> text(b);
            case ESCAPE -> escaped(b);
            case INTERMEDIATE -> b >= 0x20 && b <= 0x2F ? State.INTERMEDIATE : State.TEXT;
            case SEQUENCE -> sequence(b);
            case MOUSE -> ++mouse < 3 ? State.MOUSE : State.TEXT;
            case KEY -> State.TEXT;
            case STRING -> b == BELL ? State.TEXT : b == ESC ? State.STRING_ESCAPE : State.STRING;
            case STRING_ESCAPE -> b == '\\' ? State.TEXT : b == ESC ? State.STRING_ESCAPE : State.STRING;
        };
    }

    private boolean first;

    private State sequence(int b) {
        boolean report = first && b == 'M';
        first = false;
        mouse = 0;
        if (report) return State.MOUSE;
        return b >= 0x40 && b <= 0x7E ? State.TEXT : State.SEQUENCE;
    }

    private State text(int b) {
        switch (b) {
            case ESC -> {
                return State.ESCAPE;
            }
            case '\r', '\n' -> entered();
            case BACKSPACE, DELETE -> keep(beforeLastCharacter());
            case KILL, INTERRUPT -> line.reset();
            case WORD_ERASE -> keep(beforeLastWord());
            default -> {
                boolean writes = b >= 0x20 || b == '\t';
                if (writes && line.size() < LINE_BYTES_MAX) line.write(b);
            }
        }
        return State.TEXT;
    }

    private State escaped(int b) {
        first = true;
        if (b >= 0x20 && b <= 0x2F) return State.INTERMEDIATE;
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
