package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Documents to compare readers with: written by hand, generated, and damaged; always the same ones.
final class JsonCorpus {
    private static final long SEED = 8259;
    private static final int GENERATED = 4_000;
    private static final int DAMAGED = 30_000;

    private static final String[] NAMES = {
        "a",
        "b",
        "id",
        "method",
        "params",
        "isError",
        "inputSchema",
        "x-y",
        "",
        " ",
        "1",
        "10",
        "ä",
        "日本",
        "e\u0301",
        "\ud83d\ude00",
        "__proto",
        "constructor",
        "toString",
        "a.b",
        "$ref",
        "0"
    };
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-1",
        "0.1",
        "1.0",
        "1e2",
        "1E+2",
        "1e-7",
        "123456789012345",
        "9007199254740992",
        "0.000001",
        "5e-324",
        "1.7976931348623157e308",
        "2.2250738585072014e-308",
        "-0.0",
        "0e5",
        "3.141592653589793",
        "1e22"
    };
    private static final String[] PIECES = {
        "a",
        "Z",
        " ",
        "/",
        "\\/",
        "\\n",
        "\\\\",
        "\\\"",
        "\\u0000",
        "\\u00e9",
        "\\uD83D\\uDE00",
        "é",
        "\u20ac",
        "\ud83d\ude00",
        "\u2028",
        "\u007f",
        "\uffff",
        "\\b\\f\\r\\t",
        "</script>",
        "{",
        "]",
        ",",
        ":"
    };
    /// What damage puts in: bytes that readers are known to treat differently.
    private static final String[] SPLINTERS = {
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "0",
        "-",
        ".",
        "e",
        "+",
        "9",
        "\0",
        "\n",
        "\u000b",
        "\u001f",
        "\u0080",
        "\u00ff",
        "\u00c0",
        "\u00ed\u00a0\u0080",
        "\u00ef\u00bb\u00bf",
        "\u00c2\u00a0",
        "\\u",
        "\\ud800",
        "\\x",
        "/",
        "//",
        "/**/",
        "'",
        "NaN",
        "Infinity",
        "-Infinity",
        "nul",
        "true",
        "00",
        "1e999",
        "\"a\":1,",
        "\"A\":1,",
        "\"__proto__\":1,",
        "9007199254740993",
        "#",
        "`",
        "\u00e2\u0080\u00a8"
    };

    private JsonCorpus() {}

    static List<byte[]> all() {
        var documents = new ArrayList<>(written());
        var plain = plain();
        documents.addAll(plain);
        var random = new Random(SEED + 1);
        for (int i = 0; i < DAMAGED; i++) documents.add(damage(plain.get(random.nextInt(plain.size())), random));
        return documents;
    }

    /// Valid documents without anything that is refused on purpose.
    static List<byte[]> plain() {
        var random = new Random(SEED);
        var documents = new ArrayList<byte[]>();
        for (int i = 0; i < GENERATED; i++) {
            var text = new StringBuilder();
            value(text, random, 5);
            documents.add(text.toString().getBytes(UTF_8));
        }
        return documents;
    }

    private static void value(StringBuilder out, Random random, int depth) {
        space(out, random);
        switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> out.append(pick(new String[] {"null", "true", "false"}, random));
            case 1, 2 -> number(out, random);
            case 3, 4 -> string(out, random);
            case 5 -> {
                out.append('[');
                int count = random.nextInt(5);
                for (int i = 0; i < count; i++) {
                    if (i > 0) out.append(',');
                    value(out, random, depth - 1);
                }
                out.append(']');
            }
            default -> {
                out.append('{');
                var names = new ArrayList<>(List.of(NAMES));
                java.util.Collections.shuffle(names, random);
                int count = random.nextInt(6);
                for (int i = 0; i < count; i++) {
                    if (i > 0) out.append(',');
                    space(out, random);
                    out.append('"').append(names.get(i)).append('"');
                    space(out, random);
                    out.append(':');
                    value(out, random, depth - 1);
                }
                out.append('}');
            }
        }
        space(out, random);
    }

    private static void number(StringBuilder out, Random random) {
        double any = Double.longBitsToDouble(random.nextLong());
        if (random.nextBoolean() && Double.isFinite(any)) out.append(CanonicalNumber.of(any));
        else out.append(pick(NUMBERS, random));
    }

    private static void string(StringBuilder out, Random random) {
        out.append('"');
        for (int i = random.nextInt(12); i > 0; i--) out.append(pick(PIECES, random));
        out.append('"');
    }

    private static void space(StringBuilder out, Random random) {
        if (random.nextInt(8) == 0) out.append(pick(new String[] {" ", "\n", "\t", "\r\n", "  "}, random));
    }

    private static byte[] damage(byte[] document, Random random) {
        var text = new StringBuilder(new String(document, ISO_8859_1));
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.setLength(at);
                case 1 -> text.insert(at, pick(SPLINTERS, random));
                case 2 -> text.replace(at, Math.min(text.length(), at + 1), pick(SPLINTERS, random));
                default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static String pick(String[] from, Random random) {
        return from[random.nextInt(from.length)];
    }

    /// What every reader must take, what none may, and what is left to them; Latin-1 characters stand for bytes.
    private static List<byte[]> written() {
        var texts = new ArrayList<String>();
        JsonReaderTest.refusedAndTwin().forEach(it -> {
            texts.add((String) it.get()[1]);
            texts.add((String) it.get()[2]);
        });
        texts.addAll(Arrays.asList(
                "[123.456e78]",
                "[0e+1]",
                "[0e1]",
                "[ 4]",
                "[-123]",
                "[1E22]",
                "[123e45]",
                "[1E-2]",
                "[1E+2]",
                "[\"a\",]",
                "[\"\",]",
                "[,1]",
                "[1,,2]",
                "[1,,]",
                "[,]",
                "[",
                "[\"x\"",
                "[\"a\"\n",
                "[3[4]]",
                "[1:2]",
                "[x",
                "[*]",
                "[a\u00e9]",
                "[-]",
                "[- 1]",
                "[--1.]",
                "[-1.0.]",
                "[-2.]",
                "[-NaN]",
                "[.-1]",
                "[.2e-3]",
                "[0.1.2]",
                "[0.3e+]",
                "[0.e1]",
                "[0E]",
                "[1 000.0]",
                "[1eE2]",
                "[2.e+3]",
                "[9.e+]",
                "[Inf]",
                "[1+2]",
                "[0x1]",
                "[0x42]",
                "[-012]",
                "[1.8011670033376514H-308]",
                "[\uff11]",
                "{[: \"x\"}\n",
                "{\"x\", null}",
                "{\"x\"::\"b\"}",
                "{\"a\":\"a\" 123}",
                "{key: 'value'}",
                "{1:1}",
                "{\"id\":0,,,,,}",
                "{'a':0}",
                "{\"id\":0,}",
                "{\"a\":\"b\"}/**/",
                "{\"a\":\"b\"}//",
                "{\"a\":\"b\"}#",
                "{\"a\":\"a",
                "{\"a\"",
                "{a: \"b\"}",
                "{\"a\":\"b\",,\"c\":\"d\"}",
                "{",
                "{}}",
                "{\"\":",
                "{\"a\":/*comment*/\"b\"}",
                "<null>",
                "[\"\\{[\"\\{[\"\\{",
                "[\"\\u00A\"]",
                "[\"\\uD834\\Dd\"]",
                "[\"\\uD800\\u\"]",
                "[\"\\uD800\\u1\"]",
                "[\"\\uD800\\u1x\"]",
                "[\"\\\"]",
                "[\"\\\\\\\"]",
                "[\"\t\"]",
                "[\"\\a\"]",
                "[\"\\u\u00e5\"]",
                "[\"new\nline\"]",
                "[\"\\",
                "\"",
                "['single']",
                "abc",
                "[\"asd]",
                "[1]x",
                "[1",
                "[][]",
                "{}{}",
                "]",
                "}",
                "aå",
                "[True]",
                "[fals]",
                "\u00ef\u00bb\u00bf",
                "\u00ef\u00bb\u00bf{}",
                "\u2060",
                "[\f]",
                "1]",
                "{\"x\": true,",
                "[[]",
                "[\n",
                "\u00e5",
                "*",
                "{\"a\":\"b\"}#{}",
                "[\\u000A\"\"]",
                "[\"\u00c3\u00a9\"]",
                "[\"\\u0060\\u012a\\u12AB\"]",
                "[\"\\uD801\\udc37\"]",
                "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
                "[\"\\\\u0000\"]",
                "[\"\\\"\"]",
                "[\"a/*b*/c/*d//e\"]",
                "[\"\\\\a\"]",
                "[\"\\u0012\"]",
                "[\"\\uFFFF\"]",
                "[\"\u00f4\u008f\u00bf\u00bf\"]",
                "[\"\u00ef\u00bf\u00bf\"]",
                "[\"\\uDBFF\\uDFFF\"]",
                "[\"\\u0000\"]",
                "\" \"",
                "[\"\u00e2\u0080\u00a8\"]",
                "[\"\u00e2\u0080\u00a9\"]",
                "[\"\\u0061\\u30af\\u30EA\"]",
                "[\"\u007f\"]",
                "[\"\\uD83F\\uDFFE\"]",
                "[\"\\u200B\"]",
                "[\"\\u2064\"]",
                "[\"\\uFDD0\"]",
                "[\"\\uFFFE\"]",
                "42",
                "-0.1",
                "null",
                "\"asd\"",
                "true",
                "[true]\n",
                "[]  ",
                " [] ",
                "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
                "{\"\":0}",
                "{\"foo\\u0000bar\": 42}",
                "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }",
                "{\"x\":[{\"id\": \"x\"}], \"id\": \"x\"}",
                "{\"a\":[]}",
                "{\n\"a\": \"b\"\n}",
                "[1.5e+9999]",
                "[-1e+9999]",
                "[123123e100000]",
                "[0.4e00669999999999999999999999999999999999999999999999e1]",
                "[-123123123123123123123123123123]",
                "[100000000000000000000]",
                "[-237462374673276894279832749832423479823246327846]",
                "[\"\\uDADA\"]",
                "[\"\\uD888\\u1234\"]",
                "[\"\\uDd1e\\uD834\"]",
                "[\"\\uD800\\uD800\\n\"]",
                "[\"\u00e6\u0097\u00a5\u00d1\u0088\u00fa\"]",
                "[\"\u00f4\u00bf\u00bf\u00bf\"]",
                "[\"\u0081\"]",
                "[\"\u00fc\u0083\u00bf\u00bf\u00bf\u00bf\"]",
                "[\"\u00e0\u00ff\"]",
                "[\"\u00c0\u0080\"]",
                "[".repeat(127) + "]".repeat(127),
                "[".repeat(128) + "]".repeat(128),
                "[".repeat(129) + "]".repeat(129),
                "[".repeat(5000),
                "{\"a\":".repeat(100) + "null" + "}".repeat(100)));
        return texts.stream().map(text -> text.getBytes(ISO_8859_1)).toList();
    }
}
