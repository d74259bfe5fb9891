package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How tokens are got, kept and changed; and each attack on that beside its harmless twin.
class AuthorizationTest {
    private static final String BACK = "http://127.0.0.1:4711/callback";

    @TempDir
    Path home;

    private final FakeWeb web = new FakeWeb();
    private Instant now = Instant.parse("2026-11-26T00:00:00Z");
    private final InstantSource clock = () -> now;
    private Path secret;

    @BeforeEach
    void secret() throws IOException {
        secret = Files.writeString(home.resolve("secret"), "not-a-real-one\n");
    }

    private Authorization of(Oauth oauth) {
        var token = new Credential.Token("kb", oauth, "https://kb.example.com");
        return new Authorization(
                token, FakeWeb.SERVER, web, new TokenFiles(home.resolve("tokens")), clock, new SplittableRandom(1));
    }

    private Authorization itself(String... scopes) {
        return of(new Oauth(
                new Oauth.Client.Registered("masugata", Optional.of(new Source.InFile(secret))),
                Optional.of(FakeWeb.ISSUER), List.of(scopes), Oauth.Flow.CLIENT_CREDENTIALS));
    }

    private Authorization forAPerson(String... scopes) {
        return of(new Oauth(
                new Oauth.Client.Registered("masugata", Optional.empty()), Optional.empty(), List.of(scopes),
                        Oauth.Flow.CODE));
    }

    private static String slot(Authorization of) throws IOException {
        return of.fill(Headers.of("x-other", "stays")).one("authorization").orElse("");
    }

    private static Login.Answer answer(URI page, String code, String issuer) {
        var state = FakeWeb.query(page).get("state");
        return new Login.Answer(state, code, Optional.of(issuer).filter(it -> !it.isEmpty()), "");
    }

    private static boolean refused(Authorization of, int status, String said) throws IOException {
        return of.refused(status, said, Duration.ZERO);
    }

    private static void refusesWith(String why, org.junit.jupiter.api.function.Executable what) {
        var refused = assertThrows(IOException.class, what);
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }

    // --- for itself -------------------------------------------------------------------------------------------------

    @Test
    void aServerThatWantsATokenGetsOneOfItsIssuer() throws IOException {
        var own = itself();
        assertEquals("", slot(own), "nothing is sent before the server says what it wants");
        assertTrue(refused(own, 401, "Bearer scope=\"kb:search kb:read\""));
        assertEquals("Bearer access-1", slot(own));
        assertEquals(FakeWeb.SERVER, web.forms.getFirst().get("resource"));
        assertEquals("kb:search kb:read", web.forms.getFirst().get("scope"));
        assertEquals(FakeWeb.basic("masugata", "not-a-real-one"), web.authorizations.getFirst());
        now = now.plusSeconds(591);
        assertEquals("", slot(own), "one that is about to end is not used");
        assertTrue(refused(own, 401, ""));
        assertEquals("Bearer access-2", slot(own));
    }

    /// What a caller put into the slot never leaves.
    @Test
    void aCallersOwnTokenIsGone() throws IOException {
        var own = itself();
        var callers = Headers.of("Authorization", "Bearer of-the-caller");
        assertFalse(own.fill(callers).has("authorization"));
        assertTrue(refused(own, 401, ""));
        assertEquals(List.of("Bearer access-1"), own.fill(callers).all("authorization"));
    }

    @Test
    void moreRightsAreAskedForOnceAndWithinWhatIsConfigured() throws IOException {
        var own = itself("kb:read", "kb:write");
        assertTrue(refused(own, 401, "Bearer scope=\"kb:read\""));
        assertEquals("kb:read", web.forms.getLast().get("scope"));
        assertTrue(refused(own, 403, "Bearer error=\"insufficient_scope\", scope=\"kb:write\""));
        assertEquals("kb:read kb:write", web.forms.getLast().get("scope"));
        assertFalse(refused(own, 403, "Bearer error=\"insufficient_scope\", scope=\"kb:write\""),
                "never the same again");
        refusesWith("wants more than `scopes`",
                () -> refused(own, 403, "Bearer error=\"insufficient_scope\", scope=\"kb:admin\""));
        assertFalse(refused(own, 403, "Bearer error=\"access_denied\""));
        assertEquals(2, web.forms.size());
    }

    /// Of many requests with one token that is over, the first gets another for all.
    @Test
    void aTokenIsExchangedOnceForAllThatUsedIt() throws IOException {
        var own = itself();
        assertTrue(refused(own, 401, ""));
        now = now.plusSeconds(5);
        assertTrue(refused(own, 401, ""), "the first");
        now = now.plusSeconds(1);
        assertTrue(own.refused(401, "", Duration.ofSeconds(3)), "one that was sent before that");
        assertEquals(2, web.forms.size());
        assertTrue(own.refused(401, "", Duration.ofMillis(500)), "one that was sent with the new one");
        assertEquals(3, web.forms.size());
    }

    // --- a person ---------------------------------------------------------------------------------------------------

    @Test
    void aPersonConsentsOnceAndTheLoginLasts() throws IOException {
        web.more = Json.object("refresh_token", "refresh-1");
        var first = forAPerson("kb:read");
        refusesWith("masugata credentials login kb", () -> refused(first, 401, ""));
        var page = first.login(BACK);
        assertTrue(page.toString().startsWith("https://as.example.com/authorize?"), page.toString());
        var asked = FakeWeb.query(page);
        assertEquals("S256", asked.get("code_challenge_method"));
        assertEquals(FakeWeb.SERVER, asked.get("resource"));
        assertEquals(BACK, asked.get("redirect_uri"));
        first.answered(answer(page, "code-1", FakeWeb.ISSUER));
        var form = web.forms.getFirst();
        assertEquals("code-1", form.get("code"));
        assertEquals(BACK, form.get("redirect_uri"));
        assertEquals(FakeWeb.SERVER, form.get("resource"));
        assertEquals(asked.get("code_challenge"), challenge(form.get("code_verifier")));
        assertEquals("Bearer access-1", slot(first));
        // After a restart the login is still there, and each refresh token is used once.
        web.more = Json.object("refresh_token", "refresh-2");
        var second = forAPerson("kb:read");
        assertEquals("Bearer access-2", slot(second));
        assertEquals("refresh-1", web.forms.getLast().get("refresh_token"));
        assertEquals(FakeWeb.SERVER, web.forms.getLast().get("resource"));
        now = now.plus(Duration.ofHours(1));
        assertEquals("Bearer access-3", slot(second));
        assertEquals("refresh-2", web.forms.getLast().get("refresh_token"));
    }

    private static String challenge(String verifier) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(
                dev.masugata.wire.Sha256.of(verifier.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @Test
    void whatALoginBroughtIsItsOwnersAlone() throws IOException {
        web.more = Json.object("refresh_token", "refresh-1");
        var person = forAPerson();
        var page = person.login(BACK);
        person.answered(answer(page, "code-1", FakeWeb.ISSUER));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("tokens"))));
        try (var files = Files.list(home.resolve("tokens"))) {
            var all = files.toList();
            assertEquals(1, all.size());
            assertTrue(all.getFirst().getFileName().toString().matches("[0-9a-f]{64}\\.json"), all.toString());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(all.getFirst())));
        }
        assertFalse(person.state().contains("refresh-1"));
    }

    @Test
    void aLoginThatIsOverIsForgotten() throws IOException {
        web.more = Json.object("refresh_token", "refresh-1");
        var person = forAPerson();
        person.answered(answer(person.login(BACK), "code-1", FakeWeb.ISSUER));
        now = now.plus(Duration.ofHours(1));
        web.denies = "invalid_grant";
        assertEquals("", slot(person));
        assertEquals("needs a login", person.state());
        refusesWith("masugata credentials login kb", () -> refused(person, 401, ""));
        assertEquals(2, web.forms.size(), "it is not tried again");
    }

    // --- attacks ----------------------------------------------------------------------------------------------------

    /// Mix-up (RFC 9207): the answer is of whom the person was not sent to.
    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.com", "https://as.example.com/", "https://AS.example.com", ""})
    void anAnswerOfAnotherIssuerIsRefused(String issuer) throws IOException {
        var person = forAPerson();
        var page = person.login(BACK);
        assertThrows(IOException.class, () -> person.answered(answer(page, "code-1", issuer)));
        assertEquals(List.of(), web.forms, "the code went nowhere");
        // Its twin; and the first answer has used up the login.
        refusesWith("no login is under way", () -> person.answered(answer(page, "code-1", FakeWeb.ISSUER)));
        person.answered(answer(person.login(BACK), "code-1", FakeWeb.ISSUER));
    }

    @Test
    void anIssuerThatNeverSaysItsNameNeedNot() throws IOException {
        web.says(FakeWeb.AS, "authorization_response_iss_parameter_supported", Json.FALSE);
        var person = forAPerson();
        person.answered(answer(person.login(BACK), "code-1", ""));
        assertEquals("Bearer access-1", slot(person));
    }

    @Test
    void aStateIsOfOneLoginAndGoodOnceAndNotForLong() throws IOException {
        var person = forAPerson();
        var page = person.login(BACK);
        refusesWith("another login", () ->
                person.answered(new Login.Answer("guessed", "c", Optional.of(FakeWeb.ISSUER), "")));
        var later = person.login(BACK);
        refusesWith("another login", () -> person.answered(answer(page, "c", FakeWeb.ISSUER)));
        var last = person.login(BACK);
        now = now.plus(Login.LIFE).plusSeconds(1);
        refusesWith("longer than", () -> person.answered(answer(last, "c", FakeWeb.ISSUER)));
        assertEquals(List.of(), web.forms);
        assertFalse(later.equals(last));
    }

    /// Downgrade: without S256 a stolen code could be used.
    @Test
    void anIssuerWithoutS256IsRefused() throws IOException {
        web.says(FakeWeb.AS, "code_challenge_methods_supported", Json.strings(List.of("plain")));
        refusesWith("PKCE", () -> forAPerson().login(BACK));
        web.documents.put(FakeWeb.AS, FakeWeb.issuer(FakeWeb.ISSUER).without("code_challenge_methods_supported"));
        refusesWith("PKCE", () -> forAPerson().login(BACK));
        web.documents.put(FakeWeb.AS, FakeWeb.issuer(FakeWeb.ISSUER));
        forAPerson().login(BACK);
    }

    /// Open redirect: the answer comes to a port of this machine and nowhere else.
    @ParameterizedTest
    @ValueSource(strings = {
        "https://evil.example.com/callback", "http://127.0.0.1:1@evil.example.com/callback",
        "http://127.0.0.1:4711/callback/..", "http://localhost:4711/callback", "javascript:alert(1)"
    })
    void anAnswerGoesNowhereElse(String redirect) {
        refusesWith("a port of this machine", () -> forAPerson().login(redirect));
    }

    /// A server that names places which only this machine can reach, or where the server is not.
    @ParameterizedTest
    @ValueSource(strings = {
        "https://evil.example.com/.well-known/oauth-protected-resource", "http://kb.example.com/prm",
        "https://127.0.0.1/prm", "http://localhost:8080/prm", "https://user@kb.example.com/prm", "file:///etc/passwd",
        "https://kb.example.com:444/prm", "https://kb.example.com/\u202Eprm"
    })
    void whereAServerMaySayWhatItIs(String place) throws IOException {
        assertThrows(IOException.class, () -> refused(itself(), 401, "Bearer resource_metadata=\"" + place + "\""));
        assertEquals(List.of(), web.called);
        assertTrue(refused(itself(), 401, "Bearer resource_metadata=\"" + FakeWeb.PRM + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://as.example.com/token", "https://127.0.0.1/token", "http://[::1]:80/token", ""})
    void aTokenEndpointThatMayNotBeCalledIsRefused(String endpoint) {
        web.says(FakeWeb.AS, "token_endpoint", new Json.Str(endpoint));
        assertThrows(IOException.class, () -> refused(itself(), 401, ""));
        assertEquals(List.of(), web.forms);
    }

    /// A page that is no page of the web is never shown to anybody.
    @ParameterizedTest
    @ValueSource(strings = {"javascript:alert(1)", "file:///etc/passwd", "http://as.example.com/authorize"})
    void aPageOfAnotherSchemeIsRefused(String page) {
        web.says(FakeWeb.AS, "authorization_endpoint", new Json.Str(page));
        assertThrows(IOException.class, () -> forAPerson().login(BACK));
    }

    @Test
    void anotherIssuersMetadataIsRefused() {
        web.says(FakeWeb.AS, "issuer", new Json.Str("https://as.example.com/"));
        refusesWith("about another issuer", () -> refused(itself(), 401, ""));
    }

    @ParameterizedTest
    @ValueSource(strings =
            {"https://other.example.com/mcp", "https://kb.example.com/mc", "https://kb.example.com/mcp/other"})
    void aTokenForAnotherResourceIsNotAskedFor(String resource) {
        web.says(FakeWeb.PRM, "resource", new Json.Str(resource));
        refusesWith("another resource", () -> refused(itself(), 401, ""));
    }

    /// A server that has changed hands names another issuer: it gets no secret, and no login.
    @Test
    void secretAndLoginAreOfOneIssuer() throws IOException {
        web.more = Json.object("refresh_token", "refresh-1");
        var person = forAPerson();
        person.answered(answer(person.login(BACK), "code-1", FakeWeb.ISSUER));
        var evil = "https://evil.example.com";
        web.says(FakeWeb.PRM, "authorization_servers", Json.strings(List.of(evil)));
        web.documents.put(evil + "/.well-known/oauth-authorization-server", FakeWeb.issuer(evil));
        refusesWith("does not name the `issuer`", () -> refused(itself(), 401, ""));
        now = now.plusSeconds(60);
        refusesWith("masugata credentials login kb", () -> refused(person, 401, ""));
        assertTrue(web.called.stream().noneMatch(it -> it.startsWith("POST " + evil)), web.called.toString());
    }

    @Test
    void aTokenThatNobodyShouldUseIsNotUsed() {
        web.more = Json.object("token_type", "DPoP");
        refusesWith("another type", () -> refused(itself(), 401, ""));
        web.more = Json.object("access_token", "two\nlines");
        refusesWith("no usable", () -> refused(itself(), 401, ""));
        web.more = Json.object("access_token", "x".repeat(Granted.TOKEN_CHARS_MAX + 1));
        refusesWith("no usable", () -> refused(itself(), 401, ""));
    }

    // --- limits -----------------------------------------------------------------------------------------------------

    @Test
    void whatIsTooLongIsNotRead() throws IOException {
        var padding = "x".repeat(Challenge.CHARS_MAX);
        assertEquals(Challenge.NONE, Challenge.of("Bearer scope=\"a\", x=\"" + padding + "\""));
        assertEquals(List.of("a"), Challenge.of("Bearer scope=\"a\"").scopes());
        assertEquals(Challenge.SCOPES_MAX, Challenge.scopes(numbered(Challenge.SCOPES_MAX + 1)).size());
        var far = new Reachable(false);
        refusesWith("characters", () -> far.checked("https://x.example/" + "x".repeat(Reachable.URL_CHARS_MAX), "it"));
        far.checked("https://x.example/" + "x".repeat(Reachable.URL_CHARS_MAX - 18), "it");
        refusesWith("cannot be read", () -> Metadata.read((" ".repeat(Metadata.BYTES_MAX) + "{}").getBytes(), "it"));
        Metadata.read((" ".repeat(Metadata.BYTES_MAX - 2) + "{}").getBytes(), "it");
    }

    private static String numbered(int count) {
        return String.join(" ", java.util.stream.IntStream.range(0, count).mapToObj(it -> "s" + it).toList());
    }

    @Test
    void aTokenIsUsedForADayAtMost() throws IOException {
        web.more = Json.object("expires_in", Json.of(1L << 40));
        var own = itself();
        refused(own, 401, "");
        now = now.plus(Granted.LIFE_MAX).minusSeconds(11);
        assertEquals("Bearer access-1", slot(own));
        now = now.plusSeconds(1);
        assertEquals("", slot(own));
    }

    @Test
    void challengesAreReadAsTheyAreWritten() {
        var both = Challenge.of("Basic realm=\"x\", Bearer realm=\"a, b\","
                + " resource_metadata=\"https://x/y?a=1,2\", error=invalid_token");
        assertEquals(new Challenge("https://x/y?a=1,2", List.of(), "invalid_token"), both);
        assertEquals(Challenge.NONE, Challenge.of("Basic realm=\"Bearer scope=\""));
        assertEquals(Challenge.NONE, Challenge.of(""));
        assertEquals(Challenge.NONE, Challenge.of("Bearer"));
    }
}
