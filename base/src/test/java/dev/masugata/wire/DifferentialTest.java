package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.JsonException.Code;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// The same bytes through four readers. What ours takes means the same to all; what all take and ours does not is
/// one of the things that ours refuses on purpose.
class DifferentialTest {
    private static final Set<Code> ON_PURPOSE = EnumSet.of(
            Code.LONE_SURROGATE,
            Code.DUPLICATE_NAME,
            Code.CONFUSABLE_NAME,
            Code.FORBIDDEN_NAME,
            Code.NUMBER_CHANGES,
            Code.LIMIT);

    private static final JsonMapper JACKSON = JsonMapper.builder().build();

    private static List<byte[]> corpus;
    private static List<String> node;
    private static List<String> python;

    @BeforeAll
    static void readInOtherLanguages() {
        corpus = JsonCorpus.all();
        var lines = new StringBuilder();
        for (var document : corpus)
            lines.append(Base64.getEncoder().encodeToString(document)).append('\n');
        node = Readers.node("read.mjs", lines.toString());
        python = Readers.python("read.py", lines.toString());
        assertEquals(corpus.size(), node.size());
        assertEquals(corpus.size(), python.size());
    }

    @Test
    void whatWeTakeMeansTheSameToEveryReader() {
        int taken = 0;
        for (int i = 0; i < corpus.size(); i++) {
            var document = corpus.get(i);
            if (!(ours(document) instanceof String dump)) continue;
            taken++;
            assertEquals(dump, node.get(i), () -> "node reads another value: " + show(document));
            assertEquals(dump, python.get(i), () -> "python reads another value: " + show(document));
            assertEquals(dump, jackson(document), () -> "jackson reads another value: " + show(document));
        }
        assertTrue(taken > corpus.size() / 4, "the corpus holds too few documents that are taken: " + taken);
    }

    @Test
    void whatWeRefuseIsInvalidOrNamed() {
        var seen = EnumSet.noneOf(Code.class);
        for (int i = 0; i < corpus.size(); i++) {
            var document = corpus.get(i);
            if (!(ours(document) instanceof Code code)) continue;
            seen.add(code);
            if (ON_PURPOSE.contains(code)) continue;
            boolean takenByAll = !node.get(i).equals("refused")
                    && !python.get(i).equals("refused")
                    && !jackson(document).equals("refused");
            assertTrue(!takenByAll, () -> code + ", but every other reader takes " + show(document));
        }
        assertEquals(EnumSet.allOf(Code.class), seen, "the corpus should meet every refusal");
    }

    @Test
    void whatIsValidAndPlainIsTaken() {
        for (var document : JsonCorpus.plain())
            assertTrue(ours(document) instanceof String, () -> ours(document) + ": " + show(document));
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        for (var document : corpus) {
            if (!(ours(document) instanceof String dump)) continue;
            var value = JsonReader.read(document, Limits.DEFAULT);
            assertEquals(dump, ours(JsonWriter.bytes(value)));
            assertEquals(dump, ours(JsonWriter.canonical(value)));
        }
    }

    private static Object ours(byte[] document) {
        try {
            return dump(JsonReader.read(document, Limits.DEFAULT));
        } catch (JsonException e) {
            return e.code();
        }
    }

    private static String dump(Json value) {
        return switch (value) {
            case Json.Null _ -> "n";
            case Json.Bool(var it) -> it ? "t" : "f";
            case Json.Num number -> number(Double.parseDouble(number.literal()));
            case Json.Str(var text, _) -> text(text);
            case Json.Arr(var items, _) ->
                "["
                        + String.join(
                                ",", items.stream().map(DifferentialTest::dump).toList()) + "]";
            case Json.Obj(var members, _) -> {
                var sorted = new TreeMap<String, String>();
                members.forEach((name, it) -> sorted.put(text(name), dump(it)));
                yield object(List.copyOf(sorted.entrySet()));
            }
        };
    }

    private static String object(List<Map.Entry<String, String>> members) {
        return "{"
                + String.join(
                        ",",
                        members.stream()
                                .map(it -> it.getKey() + ":" + it.getValue())
                                .toList()) + "}";
    }

    private static String number(double value) {
        return "d%016x".formatted(Double.doubleToLongBits(value + 0.0));
    }

    private static String text(String text) {
        var hex = new StringBuilder("s");
        for (char c : text.toCharArray()) hex.append(java.util.HexFormat.of().toHexDigits(c));
        return hex.toString();
    }

    /// Jackson as a stream, so that names that stand twice are seen.
    private static String jackson(byte[] document) {
        try (var parser = JACKSON.createParser(document)) {
            parser.nextToken();
            var dump = dump(parser);
            return parser.nextToken() == null ? dump : "refused";
        } catch (JacksonException e) {
            return "refused";
        }
    }

    private static String dump(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_NULL -> "n";
            case VALUE_TRUE -> "t";
            case VALUE_FALSE -> "f";
            case VALUE_STRING -> text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(Double.parseDouble(parser.getString()));
            case START_ARRAY -> {
                var items = new ArrayList<String>();
                while (parser.nextToken() != JsonToken.END_ARRAY) items.add(dump(parser));
                yield "[" + String.join(",", items) + "]";
            }
            case START_OBJECT -> {
                var members = new ArrayList<Map.Entry<String, String>>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = text(parser.currentName());
                    parser.nextToken();
                    members.add(Map.entry(name, dump(parser)));
                }
                members.sort(Map.Entry.<String, String>comparingByKey().thenComparing(Map.Entry.comparingByValue()));
                yield object(members);
            }
            case null, default -> "refused";
        };
    }

    private static String show(byte[] document) {
        return new String(document, 0, Math.min(document.length, 200), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
