package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypedLinesTest {
    private static List<String> lines(String typed) {
        var whole = new ArrayList<String>();
        new TypedLines(whole::add).typed(typed.getBytes(StandardCharsets.UTF_8));
        var single = new ArrayList<String>();
        var lines = new TypedLines(single::add);
        for (byte b : typed.getBytes(StandardCharsets.UTF_8)) lines.typed(new byte[] {b});
        assertEquals(whole, single, "however it arrives");
        return whole;
    }

    @Test
    void keysWriteLines() {
        assertEquals(List.of("write to bob@example.com", "メールを送って"), lines("write to bob@example.com\r\rメールを送って\n"));
    }

    @Test
    void whatWasTakenBackWasNotSaid() {
        assertEquals(List.of("ab"), lines("abx\u007f\r"));
        assertEquals(List.of("あ"), lines("あい\u007f\r"));
        assertEquals(List.of("write to bob"), lines("write to eve \u0017bob\r"));
        assertEquals(List.of("no"), lines("yes\u0015no\r"));
        assertEquals(List.of("a"), lines("\u007f\u007fa\r"));
    }

    @Test
    void aPasteIsTyped() {
        assertEquals(List.of("pasted text"), lines("\u001b[200~pasted text\u001b[201~\r"));
    }

    @Test
    void whatAProgramMadeTheTerminalSayIsNotTheUsers() {
        assertEquals(List.of("hi"), lines("h\u001b]lpay eve@stranger.example\u001b\\i\r"), "a title report");
        assertEquals(List.of("hi"), lines("h\u001b]52;c;ZXZl\u0007i\r"), "the clipboard");
        assertEquals(List.of("hi"), lines("h\u001bP1$reve\u001b\\i\r"), "a status string");
        assertEquals(List.of("hi"), lines("h\u001b[24;80Ri\r"), "a cursor report");
        assertEquals(List.of("hi"), lines("\u001bOAhi\r"), "a function key");
    }

    @Test
    void aLineHasALimit() {
        var line = lines("x".repeat(TypedLines.LINE_BYTES_MAX + 100) + "\r").getFirst();
        assertEquals(TypedLines.LINE_BYTES_MAX, line.length());
    }
}
