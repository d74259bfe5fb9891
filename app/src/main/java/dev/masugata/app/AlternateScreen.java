package dev.masugata.app;

import java.nio.charset.StandardCharsets;

/// Whether a program has the whole screen to itself (xterm's alternate screen, DECSET 47, 1047, 1049): then nothing of
/// ours is printed over it.
final class AlternateScreen {
    private static final int TAIL = 8;

    private String tail = "";
    private volatile boolean on;

    /// What the program wrote, in whatever pieces.
    void shown(byte[] bytes) {
        var text = tail + new String(bytes, StandardCharsets.ISO_8859_1);
        int enters = last(text, 'h');
        int leaves = last(text, 'l');
        if (enters >= 0 || leaves >= 0) on = enters > leaves;
        tail = text.substring(Math.max(0, text.length() - TAIL));
    }

    private static int last(String text, char end) {
        return Math.max(
                text.lastIndexOf("\u001b[?1049" + end),
                Math.max(text.lastIndexOf("\u001b[?1047" + end), text.lastIndexOf("\u001b[?47" + end)));
    }

    boolean isOn() {
        return on;
    }
}
