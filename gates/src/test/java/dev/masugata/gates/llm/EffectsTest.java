package dev.masugata.gates.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.gates.llm.Reading.Effect;
import dev.masugata.model.Channel;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// What a provider would do by itself is seen, and what nobody described is doubted.
class EffectsTest {
    private static Json.Obj json(String text) {
        return (Json.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Reading read(String format, String shape, String body) {
        return new Reading(Format.ALL.get(format).shapes).of(shape, json(body));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/llm/effects.txt", delimiter = '|', quoteCharacter = '`')
    void effectsAreSeen(String format, String shape, String body, String effects) {
        var reading = read(format, shape, body);
        assertEquals(Optional.empty(), reading.doubt());
        var seen = reading.effects().stream().map(it -> switch (it) {
            case Effect.Own(var name, _, _, _) -> name;
            case Effect.Fetch(var url, var method, _) -> method + " " + url.text();
        }).toList();
        assertEquals(effects == null ? "" : effects, String.join(" ", seen));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/llm/doubts.txt", delimiter = '|', quoteCharacter = '`')
    void whatNobodyDescribedIsDoubted(String format, String shape, String body) {
        assertTrue(read(format, shape, body).doubt().isPresent(), body);
    }

    @Test
    void eachPartIsOfTheChannelThatItCameBy() {
        var chat = read("openai", "chat", "{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"tool\","
                + "\"tool_call_id\":\"c\",\"content\":\"b\"}],\"tools\":[{\"type\":\"function\",\"function\":{}}]}")
                        .parts();
        assertEquals(Channel.USER, chat.get("/messages/0"));
        assertEquals(Channel.TOOL_RESULT, chat.get("/messages/1"));
        assertEquals(Channel.TOOL_DESCRIPTION, chat.get("/tools/0"));
        var messages = read("anthropic", "messages", "{\"system\":\"s\",\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"b\"},{\"type\":\"text\",\"text\""
                        + ":\"a\"}]}]}").parts();
        assertEquals(Channel.TOOL_RESULT, messages.get("/messages/0/content/0"));
        assertEquals(Channel.USER, messages.get("/messages/0/content/1"));
        var gemini = read("gemini", "generate", "{\"contents\":[{\"parts\":[{\"functionResponse\":{\"name\":\"f\"}}"
                + "]}]}").parts();
        assertEquals(Channel.TOOL_RESULT, gemini.get("/contents/0/parts/0/functionResponse"));
    }

    @Test
    void effectsHaveANumber() {
        var one = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.example/p\"}}";
        var body = "{\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}";
        var most = String.join(",", java.util.Collections.nCopies(Reading.EFFECTS_MAX, one));
        assertEquals(Optional.empty(), read("openai", "chat", body.formatted(most)).doubt());
        assertTrue(read("openai", "chat", body.formatted(most + "," + one)).doubt().isPresent());
    }

    /// Each shape of each format is one that the walk understands.
    @Test
    void theCatalogIsWhole() {
        for (var format : Format.ALL.values()) {
            for (var operation : format.operations)
                assertTrue(operation.body().isEmpty() || format.shapes.at(operation.body()).isPresent(),
                        operation.id());
            for (var shape : format.shapes.members().entrySet()) known(format, shape.getKey(), shape.getValue());
        }
    }

    private static void known(Format format, String where, Json shape) {
        switch (shape) {
            case Json.Str(var name, _) ->
                assertTrue(name.equals("any") || format.shapes.at(name).isPresent(), where + " names " + name);
            case Json.Obj rule -> {
                for (var one : List.of("list", "string", "is", "else-when-absent"))
                    if (rule.at(one).isPresent()) known(format, where + " " + one, rule.members().get(one));
                for (var many : List.of("object", "cases"))
                    if (rule.members().get(many) instanceof Json.Obj all && !all.at("object").isPresent())
                        all.members().forEach((name, one) -> {
                            if (!(one instanceof Json.Arr) && !name.equals("by")) known(format, where + "/" + name,
                                    one);
                        });
            }
            case Json.Arr _, Json.Num _, Json.Bool _, Json.Null _ -> throw new AssertionError(where + " is no shape");
        }
    }
}
