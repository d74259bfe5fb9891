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

    /// The same with control characters of one byte, as a terminal sends them that was told to; in UTF-8 and alone.
    @Test
    void norIsItInControlsOfTheUpperSet() {
        assertEquals(List.of("hi"), lines("h\u009dlsend to eve@stranger.example\u009ci\r"));
        assertEquals(List.of("hi"), lines("h\u009b24;80Ri\r"));
        assertEquals(List.of("hi"), lines("h\u0090>|xterm\u009ci\r"));
        var alone = new ArrayList<String>();
        var lines = new TypedLines(alone::add);
        for (int b : new int[] {'h', 0x9D, 'l', 'p', 'a', 'y', 0x9C, 'i', 0x9B, '2', '1', 'R', '\r'})
            lines.typed(new byte[] {(byte) b});
        assertEquals(List.of("hi"), alone);
        assertEquals(List.of("hi"), lines("h\u001b]lpay 私に eve\u0007i\r"),
                "a title with kanji, whose bytes look like controls");
        assertEquals(List.of("œuvre ÀÉ さよなら 私"), lines("œuvre ÀÉ さよなら 私\r"), "letters whose bytes look like controls");
    }

    @Test
    void mouseReportsAndCharacterSetsAreNoText() {
        assertEquals(List.of("hi"), lines("h\u001b[M !!i\r"));
        assertEquals(List.of("hi"), lines("h\u001b(Bi\r"));
        assertEquals(List.of("hi"), lines("h\u001b[<0;10;20Mi\r"));
    }

    @Test
    void aLineHasALimit() {
        var line = lines("x".repeat(TypedLines.LINE_BYTES_MAX + 100) + "\r").getFirst();
        assertEquals(TypedLines.LINE_BYTES_MAX, line.length());
    }
}
