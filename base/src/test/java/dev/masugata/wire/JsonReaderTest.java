package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.masugata.wire.JsonException.Code;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonReaderTest {
    private static final Limits SMALL = new Limits(64, 4, 3, 8, 6, 10);

    /// Each document that is refused, and its twin that differs as little as possible and passes. Bytes are
    /// written as Latin-1 characters.
    static Stream<Arguments> refusedAndTwin() {
        return Stream.of(
                Arguments.of(Code.TRUNCATED, "", "0"),
                Arguments.of(Code.TRUNCATED, " \n", " \n0"),
                Arguments.of(Code.TRUNCATED, "{\"a\":1", "{\"a\":1}"),
                Arguments.of(Code.TRUNCATED, "[1,", "[1,2]"),
                Arguments.of(Code.TRUNCATED, "\"a", "\"a\""),
                Arguments.of(Code.TRUNCATED, "\"a\\\"", "\"a\\\"\""),
                Arguments.of(Code.TRUNCATED, "tru", "true"),
                Arguments.of(Code.TRAILING, "1 2", "1 "),
                Arguments.of(Code.TRAILING, "{}\0", "{}"),
                Arguments.of(Code.TRAILING, "[]]", "[[]]"),
                Arguments.of(Code.SYNTAX, "\0", "0"),
                Arguments.of(Code.SYNTAX, "[1,]", "[1]"),
                Arguments.of(Code.SYNTAX, "{\"a\":1,}", "{\"a\":1}"),
                Arguments.of(Code.SYNTAX, "{a:1}", "{\"a\":1}"),
                Arguments.of(Code.SYNTAX, "{'a':1}", "{\"a\":1}"),
                Arguments.of(Code.SYNTAX, "{\"a\" 1}", "{\"a\" :1}"),
                Arguments.of(Code.SYNTAX, "[1 2]", "[1,2]"),
                Arguments.of(Code.SYNTAX, "[1\u000b]", "[1\t]"),
                Arguments.of(Code.SYNTAX, "[1\u00a0]", "[1 ]"),
                Arguments.of(Code.SYNTAX, "// c\n1", "1"),
                Arguments.of(Code.SYNTAX, "NaN", "null"),
                Arguments.of(Code.SYNTAX, "True", "true"),
                Arguments.of(Code.SYNTAX, "truE", "true"),
                Arguments.of(Code.SYNTAX, "01", "10"),
                Arguments.of(Code.SYNTAX, "-01", "-1"),
                Arguments.of(Code.SYNTAX, "+1", "1"),
                Arguments.of(Code.SYNTAX, "-", "-0"),
                Arguments.of(Code.SYNTAX, ".5", "0.5"),
                Arguments.of(Code.SYNTAX, "5.", "5.0"),
                Arguments.of(Code.SYNTAX, "1e", "1e2"),
                Arguments.of(Code.SYNTAX, "1e+", "1e+2"),
                Arguments.of(Code.SYNTAX, "1-2", "1"),
                Arguments.of(Code.TRAILING, "0x10", "0"),
                Arguments.of(Code.SYNTAX, "\"\n\"", "\"\\n\""),
                Arguments.of(Code.SYNTAX, "\"\0\"", "\"\\u0000\""),
                Arguments.of(Code.SYNTAX, "\"\\x41\"", "\"\\u0041\""),
                Arguments.of(Code.SYNTAX, "\"\\u12G4\"", "\"\\u12A4\""),
                Arguments.of(Code.SYNTAX, "\"\\u123\"", "\"\\u1234\""),
                Arguments.of(Code.BYTE_ORDER_MARK, "\u00ef\u00bb\u00bf1", "1"),
                Arguments.of(Code.SYNTAX, "\u00ff\u00fe1\0", "1"),
                Arguments.of(Code.INVALID_UTF8, "\"\u00ff\"", "\"\u00c3\u00bf\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u0080\"", "\"\u00c2\u0080\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00c3\"", "\"\u00c3\u00a9\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00c0\u00af\"", "\"/\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00e0\u0080\u00af\"", "\"\u00e0\u00a0\u0080\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00ed\u00a0\u0080\"", "\"\u00ed\u009f\u00bf\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00f0\u0080\u0080\u00af\"", "\"\u00f0\u0090\u0080\u0080\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00f4\u0090\u0080\u0080\"", "\"\u00f4\u008f\u00bf\u00bf\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00f8\u0088\u0080\u0080\u0080\"", "\"\u00f0\u009f\u0098\u0080\""),
                Arguments.of(Code.INVALID_UTF8, "\"\u00e2\u0082\"", "\"\u00e2\u0082\u00ac\""),
                Arguments.of(Code.INVALID_UTF8, "\"\\\u00c3\u00a9\"", "\"\\\\\u00c3\u00a9\""),
                Arguments.of(Code.LONE_SURROGATE, "\"\\ud83d\"", "\"\\ud83d\\ude00\""),
                Arguments.of(Code.LONE_SURROGATE, "\"\\ude00\"", "\"\\ud83d\\ude00\""),
                Arguments.of(Code.LONE_SURROGATE, "\"\\ud83dx\"", "\"\\ud83d\\ude00x\""),
                Arguments.of(Code.LONE_SURROGATE, "\"\\ud83d\\u0041\"", "\"\\ud83d\\uDE00A\""),
                Arguments.of(Code.LONE_SURROGATE, "\"\\ud83d\\ud83d\"", "\"\\ud83d\\ude00\""),
                Arguments.of(Code.LONE_SURROGATE, "{\"\\ud83d\":1}", "{\"\\ud83d\\ude00\":1}"),
                Arguments.of(Code.DUPLICATE_NAME, "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":1}"),
                Arguments.of(Code.DUPLICATE_NAME, "{\"a\":1,\"\\u0061\":2}", "{\"a\":1,\"\\u0062\":2}"),
                Arguments.of(Code.DUPLICATE_NAME, "{\"A\":1,\"b\":1,\"A\":2}", "{\"A\":1,\"b\":1,\"C\":2}"),
                Arguments.of(Code.DUPLICATE_NAME, "[{\"\":1,\"\":1}]", "[{\"\":1},{\"\":1}]"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"name\":1,\"Name\":2}", "{\"name\":1,\"Names\":2}"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"Name\":1,\"name\":2}", "{\"Name\":1,\"names\":2}"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"aB\":1,\"x\":{},\"Ab\":2}", "{\"aB\":1,\"x\":{\"Ab\":2}}"),
                Arguments.of(Code.CONFUSABLE_NAME, utf8("{\"name\":1,\"ｎame\":2}"), utf8("{\"name\":1,\"ｍame\":2}")),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"k\":1,\"\\u212a\":2}", "{\"k\":1,\"\\u212b\":2}"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"s\":1,\"\\u017f\":2}", "{\"s\":1,\"\\u017e\":2}"),
                Arguments.of(
                        Code.CONFUSABLE_NAME,
                        utf8("{\"straße\":1,\"strasse\":2}"),
                        utf8("{\"straße\":1,\"strase\":2}")),
                Arguments.of(Code.CONFUSABLE_NAME, utf8("{\"σ\":1,\"ς\":2}"), utf8("{\"σ\":1,\"τ\":2}")),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"\\u00e9\":1,\"e\\u0301\":2}", "{\"\\u00e9\":1,\"e\\u0300\":2}"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"fi\":1,\"\\ufb01\":2}", "{\"fi\":1,\"\\ufb02\":2}"),
                Arguments.of(Code.CONFUSABLE_NAME, "{\"na\\u00adme\":1,\"name\":2}", "{\"na\\u002dme\":1,\"name\":2}"),
                Arguments.of(Code.FORBIDDEN_NAME, "{\"__proto__\":1}", "{\"__proto_\":1}"),
                Arguments.of(Code.FORBIDDEN_NAME, "{\"__PROTO__\":1}", "{\"__PROTO\":1}"),
                Arguments.of(Code.FORBIDDEN_NAME, "{\"\\u005f_proto__\":1}", "{\"\\u005fproto__\":1}"),
                Arguments.of(Code.FORBIDDEN_NAME, utf8("{\"__ｐroto__\":1}"), utf8("{\"__ｑroto__\":1}")),
                Arguments.of(Code.FORBIDDEN_NAME, "[{\"a\":{\"__proto__\":{}}}]", "[{\"a\":[\"__proto__\"]}]"),
                Arguments.of(Code.NUMBER_CHANGES, "9007199254740993", "9007199254740992"),
                Arguments.of(Code.NUMBER_CHANGES, "-9007199254740993", "-9007199254740994"),
                Arguments.of(Code.NUMBER_CHANGES, "1e400", "1e308"),
                Arguments.of(Code.NUMBER_CHANGES, "-1e400", "-1e308"),
                Arguments.of(Code.NUMBER_CHANGES, "1e-400", "1e-300"),
                Arguments.of(Code.NUMBER_CHANGES, "1e999999999", "0e9999"),
                Arguments.of(Code.NUMBER_CHANGES, "1e-99999999999999999999", "1e-0000000000000001"),
                Arguments.of(Code.NUMBER_CHANGES, "0.1000000000000000055", "0.1000000000000000000"),
                Arguments.of(Code.NUMBER_CHANGES, "0.10000000000000001", "0.1"),
                Arguments.of(Code.NUMBER_CHANGES, "3.141592653589793238", "3.141592653589793"),
                Arguments.of(Code.NUMBER_CHANGES, "1.0000000000000001", "1.0"),
                Arguments.of(Code.NUMBER_CHANGES, "4e-324", "5e-324"),
                Arguments.of(Code.NUMBER_CHANGES, "1.7976931348623158e308", "1.7976931348623157e308"),
                Arguments.of(Code.NUMBER_CHANGES, "100000000000000000000001", "100000000000000000000000"));
    }

    @ParameterizedTest
    @MethodSource("refusedAndTwin")
    void refusesAndTakesTheTwin(Code code, String refused, String twin) {
        var error = assertThrows(JsonException.class, () -> read(refused));
        assertEquals(code, error.code(), error::getMessage);
        read(twin);
    }

    static Stream<Arguments> limitedAndTwin() {
        return Stream.of(
                Arguments.of("[" + " ".repeat(63) + "]", "[" + " ".repeat(62) + "]"),
                Arguments.of("[[[[[]]]]]", "[[[[]]]]"),
                Arguments.of("[{\"a\":[{\"b\":{}}]}]", "[{\"a\":[{\"b\":1}]}]"),
                Arguments.of("[1,2,3,4]", "[1,2,3]"),
                Arguments.of("{\"a\":1,\"b\":1,\"c\":1,\"d\":1}", "{\"a\":1,\"b\":1,\"c\":1}"),
                Arguments.of("[[1,1,1],[1,1,1]]", "[[1,1,1],[1,1]]"),
                Arguments.of("\"1234567\"", "\"123456\""),
                Arguments.of("{\"1234567\":1}", "{\"123456\":1}"),
                Arguments.of("\"\\u00411\"", "\"\\u0041\""),
                Arguments.of("1.000000000", "1.00000000"));
    }

    @ParameterizedTest
    @MethodSource("limitedAndTwin")
    void keepsEachLimit(String tooMuch, String justEnough) {
        var error = assertThrows(JsonException.class, () -> JsonReader.read(tooMuch.getBytes(UTF_8), SMALL));
        assertEquals(Code.LIMIT, error.code(), error::getMessage);
        JsonReader.read(justEnough.getBytes(UTF_8), SMALL);
    }

    @Test
    void aDeepDocumentIsRefusedAndNoStackOverflows() {
        var deep = "[".repeat(1_000_000);
        assertEquals(
                Code.LIMIT, assertThrows(JsonException.class, () -> read(deep)).code());
        var deepest = new Limits(10_000, Limits.DEEPEST, 10, 10_000, 10, 10);
        var nested = "{\"a\":".repeat(Limits.DEEPEST) + "1" + "}".repeat(Limits.DEEPEST);
        assertArrayEquals(
                nested.getBytes(UTF_8), JsonWriter.canonical(JsonReader.read(nested.getBytes(UTF_8), deepest)));
    }

    @Test
    void offsetsCountFromTheStartOfTheRange() {
        var bytes = "xx[1,?]yy".getBytes(UTF_8);
        var error = assertThrows(JsonException.class, () -> JsonReader.read(bytes, 2, 7, Limits.DEFAULT));
        assertEquals(3, error.offset());
        assertEquals("expected a value at byte 3", error.getMessage());
        assertEquals(Json.of(1), JsonReader.read(bytes, 3, 4, Limits.DEFAULT));
    }

    @Test
    void aRangeNeverReadsBeyondItsEnd() {
        var bytes = "\"a\u20ac\"".getBytes(UTF_8);
        for (int to = 0; to < bytes.length; to++) {
            int end = to;
            assertThrows(JsonException.class, () -> JsonReader.read(bytes, 0, end, Limits.DEFAULT));
        }
    }

    @Test
    void errorsNeverRepeatTheInput() {
        for (var text : List.of("{\"hunter2\":1,\"hunter2\":2}", "\"hunter2", "{\"hunter2\" x", "hunter2"))
            assertFalse(assertThrows(JsonException.class, () -> read(text))
                    .getMessage()
                    .contains("hunter2"));
    }

    @Test
    void untouchedPartsKeepTheirBytes() {
        var text = "{ \"a\" : [ 1.0 , \"\\u0041\" ], \"b\":{\"c\" :1e2} , \"d\":\"\\/\"}";
        var whole = (Json.Obj) read(text);
        assertEquals(text, JsonWriter.text(whole));
        assertEquals(
                "{\"a\":[ 1.0 , \"\\u0041\" ],\"b\":{\"c\" :1e2},\"d\":\"x\"}", JsonWriter.text(whole.with("d", "x")));
        assertEquals("{\"a\":[1,\"A\"],\"b\":{\"c\":100},\"d\":\"/\"}", new String(JsonWriter.canonical(whole), UTF_8));
    }

    @Test
    void equalMeansTheSameMeaning() {
        assertEquals(read("{\"a\":1.0,\"b\":\"A\"}"), read("{\"b\":\"\\u0041\",\"a\":1e0}"));
        assertEquals(read("-0").hashCode(), read("0.0").hashCode());
        assertEquals(read("1.0").hashCode(), read("1").hashCode());
    }

    @Test
    void noTreeHoldsWhatTheReaderRefuses() {
        assertThrows(IllegalArgumentException.class, () -> Json.of("\ud83d"));
        assertThrows(IllegalArgumentException.class, () -> Json.of("a\ude00b"));
        assertThrows(IllegalArgumentException.class, () -> Json.of(9007199254740993L));
        assertThrows(IllegalArgumentException.class, () -> new Json.Num("NaN"));
        Json.of("\ud83d\ude00");
        Json.of(9007199254740992L);
    }

    private static Json read(String latin) {
        return JsonReader.read(latin.getBytes(ISO_8859_1), Limits.DEFAULT);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
