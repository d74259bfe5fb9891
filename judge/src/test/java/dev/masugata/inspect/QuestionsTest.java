package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.wire.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionsTest {
    private static List<String> found(Json.Obj params) {
        var question = new Action.Message(Action.Kind.ELICIT, "server", "elicitation/create", params);
        return new Questions().inspect(question).findings().stream().map(Finding::rule).toList();
    }

    private static Json.Obj link(String url) {
        return Json.object("mode", "url").with("url", url);
    }

    private static Json.Obj form(String name, String title) {
        return Json.object("requestedSchema",
                Json.object("properties", Json.object(name, Json.object("type", "string").with("title", title))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://example.com/login?state=1", "HTTPS://example.com/", "http://localhost:3000/consent",
        "http://127.0.0.1/x", "http://[::1]:80/"
    })
    void aLinkThatABrowserOpensSafely(String url) {
        assertEquals(List.of(), found(link(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://example.com/", "$(id)", "-flag",
        "https://bank.example@evil.example/", "https://xn--bnk-ula.example/", "https://bаnk.example/", "https://"
    })
    void aLinkThatIsNone(String url) {
        assertEquals(List.of("elicitation/link"), found(link(url)));
    }

    @Test
    void aLinkThatIsTooLong() {
        var most = "https://example.com/" + "a".repeat(Questions.LINK_CHARS - 20);
        assertEquals(List.of(), found(link(most)));
        assertEquals(List.of("elicitation/link"), found(link(most + "a")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "apiKey", "API_KEY", "user-secret", "privateKey", "暗証番号", "otp"})
    void aFormThatAsksForASecret(String name) {
        assertEquals(List.of("elicitation/secret"), found(form(name, "")));
        assertEquals(List.of("elicitation/secret"), found(form("field", "Your " + name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "secretary", "passenger", "keyboard", "tokenCount", "shipping_address", "名前"})
    void aFormThatAsksForNone(String name) {
        assertEquals(List.of(), found(form(name, "Your " + name)));
    }
}
