package dev.masugata.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Finding;
import dev.masugata.wire.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each bound, at it and past it; and what refers outside.
class StructureTest {
    private static List<String> check(Json.Obj whole) {
        return new Structure().check(new Definition("s", "t", whole)).stream().map(it -> it.rule() + " " + it.place())
                .toList();
    }

    private static List<String> schema(String schema) {
        return check(ClaimsTest.json("{\"name\": \"t\", \"inputSchema\": " + schema + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "definition/foreign-reference /inputSchema/$ref                 | {'$ref': 'https://x.example/s.json'}",
        "definition/foreign-reference /inputSchema/properties/a/$ref | {'properties': {'a': {'$ref': 'o.json#/a'}}}",
        "definition/foreign-reference /inputSchema/items/$dynamicRef    | {'items': {'$dynamicRef': 7}}",
        "definition/odd-parameter /inputSchema/properties/first do this | {'properties': {'first do this': {}}}",
        "definition/odd-parameter /inputSchema/properties/a\u200bb      | {'properties': {'a\u200bb': {}}}",
        "| {'$ref': '#/$defs/a', '$defs': {'a': {'type': 'string'}}}",
        "| {'properties': {'$ref': {'type': 'string'}, 'ファイル[x]': {}}}",
        "| {'properties': {'a': {'default': {'$ref': 'https://x.example'}}}}",
    })
    void aSchemaSpeaksOfItselfOnly(String found, String schema) {
        assertEquals(found == null ? List.of() : List.of(found), schema(schema.replace('\'', '"')));
    }

    @Test
    void textsHaveAnEnd() {
        var name = Json.object("name", "t");
        assertEquals(List.of(), check(name.with("description", "d".repeat(Structure.DESCRIPTION_CHARS_MAX))));
        assertEquals(List.of("definition/long-description /description"),
                check(name.with("description", "d".repeat(Structure.DESCRIPTION_CHARS_MAX + 1))));
        assertEquals(List.of(), check(name.with("title", "d".repeat(Structure.TITLE_CHARS_MAX))));
        assertEquals(List.of("definition/long-title /annotations/title"),
                check(name.with("annotations", Json.object("title", "d".repeat(Structure.TITLE_CHARS_MAX + 1)))));
        assertEquals(List.of("definition/long-instructions /instructions"),
                check(Json.object("instructions", "d".repeat(Structure.DESCRIPTION_CHARS_MAX + 1))));
        for (var keyword : List.of("default", "const", "enum", "examples")) {
            assertEquals(List.of(),
                    schema("{\"" + keyword + "\": [\"" + "v".repeat(Structure.VALUE_CHARS_MAX) + "\"]}"));
            assertEquals(List.of("definition/long-value /inputSchema/" + keyword),
                    schema("{\"" + keyword + "\": [\"" + "v".repeat(Structure.VALUE_CHARS_MAX + 1) + "\"]}"));
        }
        assertEquals(List.of(),
                schema("{\"properties\": {\"" + "p".repeat(Structure.PARAMETER_CHARS_MAX) + "\": {}}}"));
        assertEquals(1, schema("{\"properties\": {\"" + "p".repeat(Structure.PARAMETER_CHARS_MAX + 1) + "\": {}}}")
                .size());
    }

    @Test
    void schemasHaveAnEnd() {
        var deep = "{\"items\": ".repeat(Structure.SCHEMA_DEPTH_MAX - 1) + "{}"
                + "}".repeat(Structure.SCHEMA_DEPTH_MAX - 1);
        assertEquals(List.of(), schema(deep));
        assertEquals(List.of("definition/deep-schema /inputSchema" + "/items".repeat(Structure.SCHEMA_DEPTH_MAX)),
                schema("{\"items\": " + deep + "}"));
        var many = "{\"anyOf\": [" + "{},".repeat(Structure.SCHEMAS_MAX - 2) + "{}]}";
        assertEquals(List.of(), schema(many));
        assertEquals(List.of("definition/many-schemas"),
                schema(many.replace("[{}", "[{},{},{}")).stream().map(it -> it.split(" ")[0]).toList());
    }

    @Test
    void aPromptsArgumentsAreLookedAtToo() {
        var prompt = ClaimsTest.json("{\"name\": \"p\", \"arguments\": [{\"name\": \"a\"}, {\"name\": \"say it\"}]}");
        assertEquals(List.of("/arguments/1/name"),
                new Structure().check(new Definition("s", "prompt:p", prompt)).stream().map(Finding::place).toList());
    }
}
