package dev.masugata.inspect.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFileTest {
    private static final String BERT = """
            {"added_tokens": [{"id": 1, "content": "[SEP]", "special": true}],
             "normalizer": {"type": "BertNormalizer", "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null,
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab":
               {"[UNK]": 0, "[SEP]": 1, "un": 2, "##aff": 3, "##able": 4, "!": 5, "cafe": 6, "犬": 7, "[": 8, "]": 9,
                "sep": 10, "Un": 11}}}
            """;

    private static final String UNIGRAM = """
            {"added_tokens": [{"id": 1, "content": "[SEP]", "special": true}],
             "normalizer": {"type": "Precompiled", "precompiled_charsmap": "AA"},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
             "post_processor": null,
             "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["[SEP]", 0.0], ["▁", -2.0],
               ["a", -3.0], ["b", -3.0], ["ab", -4.0], ["▁ab", -6.5], ["abab", -7.0], ["ガ", -3.0]]}}
            """;

    @TempDir
    Path directory;

    private static List<Long> ids(Tokenizer tokenizer, String text) {
        var tokens = tokenizer.tokens(text, 1_000);
        var ids = new ArrayList<Long>();
        for (int i = 0; i < tokens.count(); i++) ids.add(tokens.id(i));
        return ids;
    }

    private static List<Long> ids(String file, String text) {
        return ids(TokenizerFile.of(file), text);
    }

    @Test
    void wordsComeInTheLongestPieces() {
        assertEquals(List.of(2L, 3L, 4L), ids(BERT, "UNaffable"));
        assertEquals(List.of(0L), ids(BERT, "unaffablest"), "what does not come out even is unknown as a whole");
        assertEquals(List.of(6L, 5L, 7L, 7L), ids(BERT, "Café!犬犬"), "accents go; marks and Chinese stand alone");
        assertEquals(List.of(2L, 3L, 4L), ids(BERT, "un\u200Baff\u00ADable"), "what does not show is left out");
        assertEquals(List.of(), ids(BERT, " \n\t "));
    }

    @Test
    void theLikeliestCutIsTaken() {
        assertEquals(List.of(2L, 5L), ids(UNIGRAM, "ab"), "-2 - 4 is more than -6.5");
        assertEquals(List.of(2L, 7L), ids(UNIGRAM, "abab"));
        assertEquals(List.of(2L, 4L, 5L), ids(UNIGRAM, "bab"));
        assertEquals(List.of(2L, 5L, 2L, 3L), ids(UNIGRAM, "ａｂ\u3000\u200B a"), "NFKC, and one space");
        assertEquals(List.of(2L, 8L), ids(UNIGRAM, "ｶﾞ"), "a mark belongs to its character");
        assertEquals(List.of(2L, 0L, 3L), ids(UNIGRAM, "xyza"), "unknown characters in a row are one token");
        assertEquals(List.of(2L, 0L, 5L), ids(UNIGRAM, "😀ab"));
    }

    @Test
    void bytesStandForWhatNoPieceCovers() {
        var pieces = new StringBuilder();
        for (int i = 0; i < 256; i++) pieces.append(", [\"<0x%02X>\", -9.0]".formatted(i));
        var file = UNIGRAM.replace("[\"ガ\", -3.0]]", "[\"ガ\", -3.0]" + pieces + "], \"byte_fallback\": true");
        var expected = new ArrayList<>(List.of(2L));
        for (byte b : "é".getBytes(StandardCharsets.UTF_8)) expected.add(9L + (b & 0xFF));
        assertEquals(expected, ids(file, "é"));
        assertThrows(
                IllegalArgumentException.class, () -> TokenizerFile.of(file.replace("<0xFF>", "<0xFG>")));
    }

    /// Whoever writes the end of the input in a text does not end the input.
    @Test
    void noTextIsASpecialToken() {
        assertEquals(List.of(8L, 10L, 9L), ids(BERT, "[SEP]"));
        assertFalse(ids(UNIGRAM, "[SEP]").contains(1L));
    }

    @Test
    void eachTokenKnowsWhereItStood() {
        var text = "x ＵＮaffable\u200B!";
        var tokens = TokenizerFile.of(BERT.replace("{\"type\": \"BertNormalizer\", \"lowercase\": true}",
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFKC\"}, {\"type\": \"Lowercase\"}]}"))
                .tokens(text, 10);
        assertEquals(5, tokens.count());
        assertEquals("ＵＮ", text.substring(tokens.from(1), tokens.to(1)));
        assertEquals("aff", text.substring(tokens.from(2), tokens.to(2)));
        assertEquals("!", text.substring(tokens.from(4), tokens.to(4)));
        assertTrue(tokens.whole());
        var two = TokenizerFile.of(BERT).tokens("un un un", 2);
        assertEquals(2, two.count());
        assertFalse(two.whole());
    }

    @Test
    void aWordWithoutEndIsCutInPieces() {
        var tokens = TokenizerFile.of(UNIGRAM).tokens("ab".repeat(50_000), 200_000);
        assertTrue(tokens.count() > 25_000 && tokens.count() < 25_500, tokens.count() + " tokens");
        assertEquals(100_000, tokens.to(tokens.count() - 1));
        var marks = TokenizerFile.of(UNIGRAM).tokens("a" + "\u0301".repeat(100_000), 200_000);
        assertTrue(marks.count() > 1);
    }

    @Test
    void whatStandsAroundATextIsRead() throws Exception {
        var words = TinyModel.words();
        var bert = TokenizerFile.read(TinyModel.wordPiece(directory.resolve("a.json"), words));
        var unigram = TokenizerFile.read(TinyModel.unigram(directory.resolve("b.json"), words));
        for (var tokenizer : List.of(bert, unigram)) {
            assertEquals(List.of(2L), tokenizer.before());
            assertEquals(List.of(3L), tokenizer.after());
            assertEquals(words.size() - 1, tokenizer.highest());
            long ignore = words.indexOf("ignore");
            assertEquals(List.of(ignore, (long) words.indexOf("the"), 1L), ids(tokenizer, "Ignore the qqq"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock =
            """
            WordPiece           | BPE                    | its model is of type `BPE`
            BertNormalizer      | ByteLevel              | its normalizer `ByteLevel` is not known
            BertPreTokenizer    | ByteLevel              | its pre-tokenizer `ByteLevel` is not known
            "[UNK]": 0          | "x": 0                 | `unk_token` is not in its `vocab`
            "un": 2             | "un": -2               | a whole number
            "un": 2             | "un": 1e99             | a whole number
            "un": 2             | "un": "2"              | a whole number
            "lowercase": true   | "clean_text": false    | without `clean_text`
            "post_processor": null | "post_processor": {"type": "ByteLevel"} | its post-processor `ByteLevel`
            "vocab":            | "words":               | it has no `vocab`
            {"added             | ["added                | expected
            """)
    void whatItDoesNotKnowItRefuses(String from, String to, String message) throws Exception {
        assertTrue(BERT.contains(from), from);
        var file = Files.writeString(directory.resolve("tokenizer.json"), BERT.replace(from, to));
        var said = assertThrows(GuardProblem.class, () -> TokenizerFile.read(file)).getMessage();
        assertTrue(said.contains(message) && said.contains("tokenizer.json"), said);
    }

    @Test
    void itIsBounded() throws Exception {
        var deep = Files.writeString(directory.resolve("deep.json"), "[".repeat(100_000));
        assertThrows(GuardProblem.class, () -> TokenizerFile.read(deep));
        var large = directory.resolve("large.json");
        try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(TokenizerFile.BYTES_MAX + 1L);
        }
        assertTrue(assertThrows(GuardProblem.class, () -> TokenizerFile.read(large)).getMessage().contains("larger"));
        var many = new StringBuilder("{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [");
        many.append("0,".repeat(TokenizerFile.PIECES_MAX)).append("0]}}");
        var said = assertThrows(IllegalArgumentException.class, () -> TokenizerFile.of(many.toString())).getMessage();
        assertTrue(said.contains("1000001 pieces"), said);
        assertThrows(GuardProblem.class, () -> TokenizerFile.read(directory.resolve("missing.json")));
        var binary = Files.write(directory.resolve("binary.json"), new byte[] {'"', (byte) 0xFF, '"'});
        assertTrue(assertThrows(GuardProblem.class, () -> TokenizerFile.read(binary)).getMessage().contains("UTF-8"));
    }
}
