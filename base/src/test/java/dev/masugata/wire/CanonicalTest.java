package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTest {
    /// RFC 8785 appendix B: the bits of a double and its text.
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void writesTheNumbersOfRfc8785(String bits, String text) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        assertEquals(text, CanonicalNumber.of(new Json.Num(text)));
        assertEquals(text, CanonicalNumber.of(value));
        assertEquals(value + 0.0, Double.parseDouble(text));
    }

    @Test
    void writesDoublesAsNodeDoes() {
        var random = new Random(20261122);
        var values = new ArrayList<Double>();
        while (values.size() < 40_000) {
            double any = switch (values.size() % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> Math.round(random.nextGaussian() * 1e6) / Math.pow(10, random.nextInt(10));
                case 2 -> Double.longBitsToDouble(random.nextLong() & 0x000FFFFFFFFFFFFFL >>> random.nextInt(52));
                default -> random.nextLong() * Math.pow(10, random.nextInt(40) - 20);
            };
            if (Double.isFinite(any)) values.add(any);
        }
        var input = new StringBuilder();
        for (double value : values) input.append("%016x%n".formatted(Double.doubleToLongBits(value)));
        var answers = Readers.node("doubles.mjs", input.toString());
        assertEquals(values.size(), answers.size());
        for (int i = 0; i < answers.size(); i++) {
            var text = answers.get(i);
            assertEquals(text, CanonicalNumber.of(values.get(i)));
            assertEquals(Decimal.Verdict.KEEPS, Decimal.check(text), text);
        }
    }

    @Test
    void sortsMembersByUtf16AndEscapesAsLittleAsItCan() {
        // RFC 8785 section 3.2.3
        var text = """
            {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",\
            "\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}\
            """;
        var sorted = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}";
        assertEquals(sorted, canonical(text));
        assertEquals(
                "[\"\\u000f\\n'A'B\\\"\\\\\\\\\\\"/\u20ac$\"]",
                canonical("[\"\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\\u20ac$\"]".replace("A'", "'A'")));
        assertEquals("[[],{},56,{\"a\":1,\"d\":true}]", canonical("[ [ ], { }, 56.0, {\"d\":true, \"a\":10e-1}]"));
    }

    private static String canonical(String text) {
        return new String(JsonWriter.canonical(JsonReader.read(text.getBytes(UTF_8), Limits.DEFAULT)), UTF_8);
    }
}
