package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Decision;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What policy reads of a tool's arguments, for each construct of JSON Schema.
class ArgumentShapeTest {
    /// The type in a Cedar schema, then what becomes of a value: `typed`, `unmapped` or `broken`.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"string"}                                            | String       | "x"                  | typed
            {"type":"string"}                                            | String       | 1                    | broken
            {"type":"string"}                                            | String       | null                 | broken
            {"type":"string","enum":["a","b"]}                           | String       | "b"                  | typed
            {"type":"string","enum":["a","b"]}                           | String       | "c"                  | broken
            {"type":"boolean"}                                           | Bool         | false                | typed
            {"type":"boolean"}                                           | Bool         | "false"              | broken
            {"type":"integer"}                                           | Long         | 7                    | typed
            {"type":"integer"}                                           | Long         | 7.5                  | broken
            {"type":"integer"}                                           | Long         | 1e300                | broken
            {"type":"number"}                                            | decimal      | 7.25                 | typed
            {"type":"number"}                                            | decimal      | 7                    | typed
            {"type":"number"}                                            | decimal      | 0.00001              | unmapped
            {"type":"number"}                                            | decimal      | 1e300                | unmapped
            {"type":"number"}                                            | decimal      | "7"                  | broken
            {"type":"array","items":{"type":"string"}}                   | Set<String>  | ["a","a"]            | typed
            {"type":"array","items":{"type":"string"}}                   | Set<String>  | ["a",1]              | broken
            {"type":"array","items":{"type":"integer"}}                  | Set<Long>    | {}                   | broken
            {"type":"array","items":{"type":"number"}}                   |              | [1.5]                | unmapped
            {"type":"array","items":{"type":"array"}}                    |              | [[]]                 | unmapped
            {"type":"array"}                                             |              | [1]                  | unmapped
            {"type":"object","properties":{"a":{"type":"string"}}}       | {"a"?: String} | {"a":"x"}          | typed
            {"type":"object","properties":{"a":{"type":"string"}}}       | {"a"?: String} | {"a":1}            | broken
            {"type":"object","properties":{"a":{"type":"string"}},"required":["a"]} | {"a": String} | {}       | broken
            {"type":"object"}                                            |              | {"a":"x"}            | unmapped
            {"type":["string","null"]}                                   |              | "x"                  | unmapped
            {"anyOf":[{"type":"string"}]}                                |              | "x"                  | unmapped
            {"$ref":"#/$defs/x"}                                         |              | "x"                  | unmapped
            {"enum":["a"]}                                               |              | "a"                  | unmapped
            true                                                         |              | "a"                  | unmapped
            """)
    void types(String shape, String cedar, String value, String became) throws Exception {
        var typed = ArgumentShape.of(schema("\"v\":" + shape));
        assertEquals(cedar == null ? "{}" : "{\"v\"?: " + cedar + "}", typed.cedar());
        var arguments = RandomEvidence.json("{\"v\":" + value + "}");
        String came;
        try {
            var read = typed.read(arguments);
            came = read.unmapped().isEmpty() ? "typed" : "unmapped";
            assertEquals(came.equals("typed"), read.values().containsKey("v"));
        } catch (ArgumentShape.Broken broken) {
            came = "broken";
        }
        assertEquals(became, came);
    }

    @Test
    void whatIsMissingOrBrokenDenies() throws Exception {
        var policy = PolicyLoader.load(
                List.of(new Source("t.cedar", "permit (principal, action in Action::\"tool_call\", resource) when { context.unmapped.isEmpty() };")),
                RandomEvidence.TOOLS);
        assertEquals("allowed", word(policy, "{\"path\":\"a\"}"));
        assertEquals("denied", word(policy, "{}"));
        assertEquals("denied", word(policy, "{\"path\":1}"));
        assertEquals("denied", word(policy, "{\"path\":\"a\",\"undeclared\":1}"));
        var decision = policy.decide(RandomEvidence.call("{}", ToolClass.READ), Set.of());
        assertEquals("argument `/path` is missing; the tool requires it", ((Decision.Deny) decision).because().getFirst().text());
    }

    private static String word(PolicySet policy, String arguments) {
        return PolicyTests.word(policy.decide(RandomEvidence.call(arguments, ToolClass.READ), Set.of()));
    }

    @Test
    void placesAreJsonPointers() throws Exception {
        var read = ArgumentShape.of(schema("\"o\":{\"type\":\"object\",\"properties\":{}}"))
                .read(RandomEvidence.json("{\"a/b\":1,\"a~\":1,\"o\":{\"c\":2}}"));
        assertEquals(new TreeSet<>(Set.of("/a~1b", "/a~0", "/o/c")), new TreeSet<>(read.unmapped()));
    }

    @Test
    void whatIsNestedTooDeepIsUnmapped() throws Exception {
        var shape = "{\"type\":\"string\"}";
        var value = "\"x\"";
        for (int i = 0; i < 20; i++) {
            shape = "{\"type\":\"object\",\"properties\":{\"n\":" + shape + "}}";
            value = "{\"n\":" + value + "}";
        }
        var read = ArgumentShape.of(schema("\"n\":" + shape)).read(RandomEvidence.json("{\"n\":" + value + "}"));
        assertEquals(1, read.unmapped().size());
        assertEquals("/n".repeat(ArgumentShape.DEPTH_MAX + 1), read.unmapped().iterator().next());
    }

    /// One hostile server may make its own arguments unreadable, but not stop the policies of all others.
    @Test
    void aHostileSchemaStopsNobodyElse() throws Exception {
        var many = new StringBuilder("\"p\":{\"type\":\"string\"}");
        for (int i = 0; i < 10_000; i++) many.append(",\"p").append(i).append("\":{\"type\":\"string\"}");
        var names = "\"a\\\"}; forbid\":{\"type\":\"string\"},\"b\\nc\\\\\":{\"type\":\"string\"},\"\":{\"type\":\"string\"},"
                + "\"\\u0000\\u202e\":{\"type\":\"string\"},\"é😀\":{\"type\":\"boolean\"},\"if\":{\"type\":\"string\"},"
                + "\"__cedar\":{\"type\":\"string\"},\"__entity\":{\"type\":\"string\"},\"*\":{\"type\":\"integer\"},\""
                + "n".repeat(ArgumentShape.NAME_CHARS_MAX + 1) + "\":{\"type\":\"string\"}";
        var tools = Map.of(
                RandomEvidence.TOOL, RandomEvidence.TOOLS.get(RandomEvidence.TOOL),
                "evil/many", schema(many.toString()),
                "evil/names\"}\n;\\", schema(names));
        var text = "permit (principal, action == Action::\"tool_call:files/write_file\", resource)"
                + " when { context.args.path == \"a\" && context.unmapped.isEmpty() };";
        var policy = PolicyLoader.load(List.of(new Source("t.cedar", text)), tools);
        assertEquals("allowed", word(policy, "{\"path\":\"a\"}"));
        var typed = ArgumentShape.of(schema(names)).read(RandomEvidence.json("{\"é😀\":true,\"if\":\"x\"}"));
        assertTrue(typed.unmapped().isEmpty());
        assertEquals(1, ArgumentShape.of(schema(many.toString())).read(Json.object("p", "x")).unmapped().size());
    }

    private static Json.Obj schema(String properties) {
        return RandomEvidence.json("{\"type\":\"object\",\"properties\":{" + properties + "}}");
    }
}
