package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance.Opened;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRulesTest {
    private static final SharedHosts SHARED = SharedHosts.shipped();

    private static HttpUrl url(String text) {
        return HttpUrl.of(text).orElseThrow();
    }

    private static Opened opened(HostRule rule, String url) {
        return new HostRules(List.of(rule), SHARED).opened(url(url), "GET", List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, https://example.com/, ALL",
        "example.com, http://example.com/, ALL",
        "example.com, https://example.com:8443/, NO",
        "example.com:8443, https://example.com:8443/, ALL",
        "example.com:8443, https://example.com/, NO",
        "example.com, https://www.example.com/, NO",
        "example.com, https://example.com.evil.example/, NO",
        "example.com, https://notexample.com/, NO",
        "*.example.com, https://www.example.com/, ALL",
        "*.example.com, https://a.b.example.com/, ALL",
        "*.example.com, https://example.com/, NO",
        "*.example.com, https://evilexample.com/, NO",
        "github.com, https://github.com/any/body, READ",
        "*, https://github.com/any/body, READ",
        "*, https://example.com/, ALL",
        "[2001:db8::1], https://[2001:db8::1]/, ALL"
    })
    void aRuleOpensItsHostAndNoOther(String rule, String url, Opened expected) {
        assertEquals(expected, opened(HostRule.parse(rule, false).orElseThrow(), url));
    }

    @Test
    void whatIsNoHostIsNoRule() {
        for (var text : List.of("", "ex ample.com", "exämple.com", "example.com.", "-a.example", "*a.example",
                "a.*.example",
                "user@example.com", "example.com:0", "example.com:65536", "http://example.com", "[::1", "%41.example"))
            assertEquals(Optional.empty(), HostRule.parse(text, false), text);
    }

    @Test
    void aTenantIsOpenedAndNoOther() {
        var examples = SharedHosts.read().object("examples");
        for (var host : List.of("github.com", "api.github.com")) {
            var rule = new HostRule(host, OptionalInt.empty(), Set.of(), false, Optional.of("our-org/our-repo"), false);
            for (var example : examples.items("tenant")) {
                var url = ((Json.Str) example).value();
                if (url.startsWith("https://" + host + "/")) assertEquals(Opened.ALL, opened(rule, url), url);
            }
            for (var example : examples.items("stranger"))
                assertEquals(Opened.NO, opened(rule, ((Json.Str) example).value()), example.toString());
        }
        var rule = new HostRule("github.com", OptionalInt.empty(), Set.of(), false, Optional.of("our-org/our-repo"),
                false);
        assertEquals(Opened.ALL, opened(rule, "https://github.com/Our-Org/our-repo"), "names there have no case");
        for (var path : List.of("/our-org%2Four-repo", "/our-org/our-repo%2f..%2f..%2fevil", "//our-org/our-repo",
                "/our-org/our-repo.gitx", "/our-org/our-repo/../../evil/x%2e"))
            assertEquals(Opened.NO, opened(rule, "https://github.com" + path), path);
        assertThrows(IllegalArgumentException.class, () -> new HostRule(
                "github.com", OptionalInt.empty(), Set.of(), false, Optional.of("../x"), false));
    }

    @Test
    void methodsAndReadingNarrow() {
        var rules = new HostRules(
                List.of(new HostRule("a.example", OptionalInt.empty(), Set.of("GET"), false, Optional.empty(), false),
                        HostRule.reading("b.example")),
                SHARED);
        assertEquals(Opened.ALL, rules.opened(url("https://a.example/"), "GET", List.of()));
        assertEquals(Opened.NO, rules.opened(url("https://a.example/"), "POST", List.of()));
        assertEquals(Opened.READ, rules.opened(url("https://b.example/"), "POST", List.of()));
        var granted = List.of(HostRule.all("b.example"));
        assertEquals(Opened.ALL, rules.opened(url("https://b.example/"), "POST", granted), "more rules open more");
        assertEquals(Optional.of("b.example"), rules.entry(url("https://b.example/"), "POST", granted));
    }

    @Test
    void whatIsForbiddenNothingOpens() {
        var rules = new HostRules(List.of(HostRule.all("*")), List.of(HostRule.all("*.evil.example")), SHARED);
        var granted = List.of(HostRule.all("a.evil.example"));
        assertEquals(Opened.NO, rules.opened(url("https://a.evil.example/"), "GET", granted));
        assertEquals(Opened.NO, rules.opened(url("https://a.evil.example:8443/"), "GET",
                List.of(HostRule.parse("a.evil.example:8443", false).orElseThrow())));
        assertEquals(Opened.ALL, rules.opened(url("https://good.example/"), "GET", List.of()));
    }

    @Test
    void privateIsSaidByTheRuleThatOpens() {
        var rule = new HostRule("build.internal", OptionalInt.of(8080), Set.of(), false, Optional.empty(), true);
        var rules = new HostRules(List.of(rule, HostRule.all("*")), SHARED);
        assertTrue(rules.reachesPrivate(url("http://build.internal:8080/"), "GET"));
        assertFalse(rules.reachesPrivate(url("http://build.internal/"), "GET"));
        assertFalse(rules.reachesPrivate(url("http://example.com/"), "GET"));
    }

    @Test
    void aClassIsWhatTheRequestCanDo() {
        var rules = new HostRules(List.of(), SHARED);
        assertEquals(ToolClass.READ, rules.toolClass(request("GET https://example.com/", "", "")));
        assertEquals(ToolClass.EGRESS, rules.toolClass(request("GET https://example.com/", "body", "text/plain")));
        assertEquals(ToolClass.EGRESS, rules.toolClass(request("DELETE https://example.com/", "", "")));
        assertEquals(ToolClass.READ, rules.toolClass(request(
                "POST https://github.com/a/b.git/git-upload-pack", "0032want",
                        "application/x-git-upload-pack-request")));
        assertEquals(ToolClass.EGRESS, rules.toolClass(request(
                "POST https://github.com/a/b.git/git-receive-pack", "x", "application/x-git-receive-pack-request")));
        var examples = SharedHosts.read().object("examples");
        for (var example : examples.items("credential"))
            assertEquals(ToolClass.CREDENTIAL, rules.toolClass(request(((Json.Str) example).value(), "", "")));
        for (var example : examples.items("ordinary"))
            assertFalse(ToolClass.CREDENTIAL == rules.toolClass(request(((Json.Str) example).value(), "", "")));
    }

    private static Action.HttpRequest request(String line, String body, String type) {
        var parts = line.split(" ");
        var headers = type.isEmpty() ? List.<HttpField>of() : List.of(new HttpField("content-type", type));
        return new Action.HttpRequest(
                url(parts[1]), parts[0], headers, HttpBody.of(body.getBytes(StandardCharsets.UTF_8), type, ""));
    }

    @Test
    void presetsAreForReading() {
        var rules = new HostRules(SHARED.preset("common"), SHARED);
        assertEquals(Opened.READ, rules.opened(url("https://crates.io/crates/x"), "GET", List.of()));
        assertEquals(Opened.NO, rules.opened(url("https://example.com/"), "GET", List.of()));
        assertEquals(Opened.READ, new HostRules(SHARED.preset("all"), SHARED).opened(url("https://example.com/"), "GET",
                List.of()));
        assertEquals(List.of(), SHARED.preset("none"));
        assertEquals(Set.of("none", "common", "all"), SHARED.presets());
    }
}
