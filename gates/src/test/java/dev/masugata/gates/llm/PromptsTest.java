package dev.masugata.gates.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.checkpoint.ModelRate;
import dev.masugata.model.Circumstance;
import dev.masugata.model.HttpBody;
import dev.masugata.model.Money;
import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A request in the form in which it is judged and sent.
class PromptsTest {
    private static final Money ONE = Money.of("1", "USD").orElseThrow();
    private final Prompts prompts = new Prompts((_, model) -> model.startsWith("known")
            ? Optional.of(new ModelRate("p", "known*", ONE, ONE, ONE, ONE, 1000))
            : Optional.empty());

    private static Provider provider(String format, String url) {
        return new Provider(
                "p", Format.ALL.get(format), url, it -> it, Circumstance.Lent.NONE, List.of(), Set.of(), Set.of());
    }

    private Prompts.Read read(String format, String rest, String query, Headers headers, String body) {
        var provider = provider(format, "https://p.example");
        var operation = provider.format().operation("POST", rest).orElseThrow();
        var read = prompts.read(provider, operation, "v1", rest, query, headers,
                HttpBody.of(body.getBytes(StandardCharsets.UTF_8), "application/json", ""));
        return assertInstanceOf(Prompts.Read.class, read);
    }

    private Prompts.Read chat(String more) {
        return read("openai", "/chat/completions", "", Headers.EMPTY,
                "{\"model\":\"known\",\"messages\":[]" + more + "}");
    }

    @Test
    void whatMaySpendWithoutEndIsGivenAnEnd() {
        var written = chat("").call();
        assertEquals(1000, written.says().integer("max_completion_tokens").orElseThrow());
        assertEquals(1000, written.most().out());
        assertEquals(7, chat(",\"max_tokens\":7").call().most().out());
        assertFalse(chat(",\"max_tokens\":7").call().says().at("max_completion_tokens").isPresent());
        assertEquals(21, chat(",\"max_tokens\":7,\"n\":3").call().most().out());
        assertEquals(9, chat(",\"max_tokens\":7,\"max_completion_tokens\":9").call().most().out());
        var gemini = read("gemini", "/models/known:generateContent", "", Headers.EMPTY, "{\"contents\":[]}").call();
        assertEquals(1000, gemini.says().object("generationConfig").integer("maxOutputTokens").orElseThrow());
        assertEquals("known", gemini.model());
    }

    @Test
    void aPromptHasNoMoreTokensThanBytes() {
        var plain = chat(",\"max_tokens\":7").call();
        assertEquals(plain.request().body().size(), plain.most().in());
        var picture = chat(",\"max_tokens\":7,\"messages\":[]".replace(",\"messages\":[]", "")
                + ",\"tools\":[]").call();
        assertEquals(picture.request().body().size(), picture.most().in());
        var seen = read("openai", "/chat/completions", "", Headers.EMPTY,
                "{\"model\":\"known\",\"messages\":[{\"role\":"
                + "\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,A"
                        + "A\"}}]}]}").call();
        assertTrue(seen.most().in() >= seen.request().body().size() + Prompts.MEDIA_TOKENS);
    }

    @Test
    void oddNumbersAreDoubted() {
        for (var odd : List.of(",\"n\":0", ",\"n\":-1", ",\"n\":1.5", ",\"n\":" + (Prompts.CHOICES_MAX + 1),
                ",\"max_tokens\":-1", ",\"max_tokens\":\"7\"", ",\"max_tokens\":1e20"))
            assertFalse(chat(odd).doubt().isEmpty(), odd);
        assertTrue(chat(",\"n\":" + Prompts.CHOICES_MAX).doubt().isEmpty());
        assertTrue(chat(",\"n\":null,\"max_tokens\":null").doubt().isEmpty());
    }

    @Test
    void whatAProviderRemembersUnlessToldIsTold() {
        var asked = read("openai", "/responses", "", Headers.EMPTY, "{\"model\":\"m\",\"input\":\"x\"}").call();
        assertEquals(Json.FALSE, asked.says().at("store").orElseThrow());
        var bytes = "{ \"model\": \"m\",  \"input\": \"x\", \"store\": false }";
        var untouched = read("openai", "/responses", "", Headers.EMPTY, bytes).call();
        assertEquals(bytes, new String(untouched.request().body().bytes(), StandardCharsets.UTF_8));
    }

    @Test
    void onlyWhatHasAMeaningGoesOn() {
        var headers = Headers.of("authorization", "Bearer t").with("x-api-key", "t").with("x-goog-api-key", "t")
                .with("cookie", "c").with("anthropic-version", "2023-06-01").with("x-forwarded-for", "1.2.3.4");
        var asked = read("anthropic", "/messages", "beta=true&key=t", headers,
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}");
        assertEquals("https://p.example/v1/messages?beta=true", asked.call().request().url().text());
        assertEquals(List.of("content-type", "anthropic-version"),
                asked.call().request().headers().stream().map(it -> it.name()).toList());
        assertTrue(asked.doubt().isEmpty());
        var beta = read("anthropic", "/messages", "", Headers.of("anthropic-beta", "files-api-2025-04-14"),
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}");
        assertTrue(beta.doubt().contains("files-api-2025-04-14"), beta.doubt());
        var known = read("anthropic", "/messages", "",
                Headers.of("anthropic-beta", "interleaved-thinking-2025-05-14,claude-code-20250219"),
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}");
        assertTrue(known.doubt().isEmpty(), known.doubt());
    }

    @Test
    void aModelsNameLeadsNowhereElse() {
        var gemini = Format.ALL.get("gemini");
        for (var good : List.of("/models/gemini-2.5-pro:generateContent", "/models/team/own.1:generateContent"))
            assertTrue(gemini.operation("POST", good).isPresent(), good);
        for (var bad : List.of("/models/../files:generateContent", "/models/a/./b:generateContent",
                "/models/:generateContent",
                "/models/a//b:generateContent", "/models/a:x/b:generateContent", "/models/%2e%2e:generateContent"))
            assertFalse(gemini.operation("POST", bad).isPresent(), bad);
        for (var format : Format.ALL.values())
            assertFalse(format.operation("GET", "/models/../files").isPresent(), format.name());
    }

    @Test
    void aBodyThatTwoParsersReadDifferentlyIsRefused() {
        var provider = provider("openai", "https://p.example/v1");
        var operation = provider.format().operation("POST", "/chat/completions").orElseThrow();
        for (var bad : List.of("{\"model\":\"a\",\"model\":\"b\"}", "[]", "{", "{\"a\":01}"))
            assertInstanceOf(Prompts.Unread.class, prompts.read(
                    provider, operation, "v1", "/chat/completions", "", Headers.EMPTY,
                    HttpBody.of(bad.getBytes(StandardCharsets.UTF_8), "application/json", "")), bad);
    }
}
