package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteTest {
    /// The example that the Go implementation of signed notes documents.
    private static final String PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String EXAMPLE =
            """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX\
            gKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    @Test
    void anothersNoteIsReadAndItsSignatureHolds() {
        var note = Note.parse(EXAMPLE);
        assertTrue(NoteKey.Verifier.parse(PUBLIC).accepts(note));
        assertEquals(EXAMPLE, note.toString());
        assertEquals(PUBLIC, NoteKey.Verifier.parse(PUBLIC).toString());
        var other = Note.parse(EXAMPLE.replace("your problem is", "your problem was"));
        assertFalse(NoteKey.Verifier.parse(PUBLIC).accepts(other));
    }

    @Test
    void aKeySignsAndIsReadBackFromItsLines() {
        for (int i = 0; i < 20; i++) {
            var key = NoteKey.generate("masugata/", new SecureRandom());
            var again = NoteKey.parse(key.lines());
            var note = again.sign(new TreeHead("masugata/x", 7, new byte[32]).text());
            assertTrue(key.verifier().accepts(Note.parse(note.toString())));
            assertFalse(NoteKey.generate("masugata/", new SecureRandom()).verifier().accepts(note));
        }
    }

    @Test
    void keysThatDoNotBelongTogetherAreRefused() {
        var one = NoteKey.generate("masugata/", new SecureRandom()).lines();
        var two = NoteKey.generate("masugata/", new SecureRandom()).lines();
        assertThrows(IllegalArgumentException.class, () -> NoteKey.parse(List.of(one.getFirst(), two.getLast())));
        assertThrows(IllegalArgumentException.class, () -> NoteKey.Verifier.parse(two.getLast().replace("+", "-")));
    }

    @Test
    void aCheckpointIsWrittenAndReadAsItsSpecificationSays() {
        // The example of C2SP tlog-checkpoint; its signature is of a key that we do not have.
        var note = Note.parse(
                """
                example.com/behind-the-sofa
                20852163
                CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

                \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO\
                oRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
                """);
        var head = TreeHead.of(note);
        assertEquals(20852163, head.size());
        assertEquals(note.text(), head.text());
    }

    @Test
    void whatIsNoCheckpointIsRefused() {
        var end = "\n\u2014 k AAAAAAA=\n";
        var root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        for (var text : List.of("k\n1\n", "k\n01\n" + root, "k\n-1\n" + root, "k\n1\nCsUY\n"))
            assertThrows(IllegalArgumentException.class, () -> TreeHead.of(Note.parse(text + end)), text);
        var unsigned = "text\n\n\u2014 k\n";
        var badName = "text\n\n\u2014 k+ AAAAAAA=\n";
        for (var note : List.of("", "text", "text\n", "text\n\n", "a\tb\n" + end, unsigned, badName))
            assertThrows(IllegalArgumentException.class, () -> Note.parse(note), note);
    }
}
