package dev.masugata.credentials;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Masugata's own right at one server over HTTP: as an OAuth 2.1 client it gets tokens, keeps them and changes them
/// (MCP 2025-11-25 and 2026-07-28, Authorization). No caller's token is ever used for it.
///
/// Tokens are of one issuer and for one resource. Access tokens stay in memory; what a login brought is in
/// [TokenFiles].
public final class Authorization {
    /// After an exchange that did not succeed the issuer is left alone so long.
    static final Duration REFRESH_AGAIN = Duration.ofSeconds(30);

    private final Credential.Token credential;
    private final URI server;
    private final Outward out;
    private final TokenFiles files;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Metadata metadata;

    private record Held(Granted granted, Instant since) {}

    /// Where tokens come from, as it was found out.
    private record Found(Metadata.Resource resource, Metadata.Issuer issuer) {}

    private @Nullable Held held;
    private @Nullable Found found;
    private @Nullable Login pending;
    private Challenge challenge = Challenge.NONE;
    private List<String> asked = List.of();
    private Instant refreshAgain = Instant.MIN;

    public Authorization(
            Credential.Token credential,
            String server,
            Outward out,
            TokenFiles files,
            InstantSource clock,
            RandomGenerator random) {
        this.credential = credential;
        this.server = URI.create(server);
        this.out = out;
        this.files = files;
        this.clock = clock;
        this.random = random;
        this.metadata = new Metadata(this.server, Reachable.from(server), out);
    }

    /// The credential that it holds the tokens of.
    public Credential.Token credential() {
        return credential;
    }

    /// The server's URL.
    public String server() {
        return server.toString();
    }

    // --- at the slot ------------------------------------------------------------------------------------------------

    /// The headers with the token; without one where there is none yet, so that the server says what it wants.
    public synchronized Headers fill(Headers headers) throws IOException {
        var bare = headers.without("authorization");
        var now = clock.instant();
        if (held != null && !now.isBefore(held.granted().expires())) held = null;
        if (held == null && files.read(credential.name(), server()).isPresent()) refresh(now);
        return held == null ? bare : bare.with("authorization", "Bearer " + held.granted().access());
    }

    /// The server did not take what was filled in.
    ///
    /// @param status 401 or 403
    /// @param said   its `WWW-Authenticate`
    /// @param ago    how long ago the request was filled
    /// @return true when the same request will be filled otherwise
    /// @throws IOException when it will not; the message says what a person can do
    public synchronized boolean refused(int status, String said, Duration ago) throws IOException {
        var now = clock.instant();
        var wanted = Challenge.of(said);
        if (status == 403 && !wanted.error().equals("insufficient_scope")) return false;
        // Another request got a newer one meanwhile.
        if (held != null && held.since().isAfter(now.minus(ago))) return true;
        if (status == 403) return stepUp(wanted, now);
        held = null;
        found = null;
        challenge = wanted;
        if (files.read(credential.name(), server()).isPresent() && refresh(now)) return true;
        if (credential.oauth().flow() == Oauth.Flow.CODE) throw new IOException("it wants a token: " + hint());
        obtain(scopes(found()), now);
        return true;
    }

    private String hint() {
        return "an operator can: masugata credentials login " + credential.name();
    }

    /// More rights, never more than configured, and never the same again.
    private boolean stepUp(Challenge wanted, Instant now) throws IOException {
        var more = new LinkedHashSet<>(asked);
        if (!more.addAll(wanted.scopes()) || more.size() > Challenge.SCOPES_MAX) return false;
        var most = credential.oauth().scopes();
        if (!most.isEmpty() && !most.containsAll(wanted.scopes()))
            throw new IOException("it wants more than `scopes` of credential `" + credential.name() + "` lists");
        challenge = new Challenge(challenge.metadata(), List.copyOf(more), "");
        if (credential.oauth().flow() == Oauth.Flow.CODE) throw new IOException("it wants more rights: " + hint());
        obtain(List.copyOf(more), now);
        return true;
    }

    private void obtain(List<String> scopes, Instant now) throws IOException {
        keep(endpoint(found()).forItself(scopes, now), scopes, now);
    }

    private void keep(Granted granted, List<String> scopes, Instant now) {
        held = new Held(granted, now);
        asked = scopes;
    }

    // --- what a login brought ---------------------------------------------------------------------------------------

    /// @return false where it is over, or of another issuer or client than now: it is shown to no other
    private boolean refresh(Instant now) throws IOException {
        if (now.isBefore(refreshAgain)) return false;
        var kept = files.read(credential.name(), server()).orElseThrow();
        refreshAgain = now.plus(REFRESH_AGAIN);
        var from = found();
        if (!kept.issuer().equals(from.issuer().issuer()) || !kept.client().equals(credential.oauth().client().id()))
            return false;
        try {
            var scopes = asked.isEmpty() ? scopes(from) : asked;
            var granted = endpoint(from).refreshed(kept.refresh(), scopes, now);
            keep(granted, scopes, now);
            refreshAgain = Instant.MIN;
            if (granted.refresh().isPresent()) keep(from.issuer(), granted);
            return true;
        } catch (TokenEndpoint.Denied denied) {
            if (denied.isOver()) files.remove(credential.name(), server());
            return false;
        }
    }

    private void keep(Metadata.Issuer issuer, Granted granted) throws IOException {
        var refresh = granted.refresh();
        if (refresh.isEmpty()) files.remove(credential.name(), server());
        else
            files.write(credential.name(), server(), new TokenFiles.Kept(
                    issuer.issuer(), credential.oauth().client().id(), refresh.get()));
    }

    // --- a person ---------------------------------------------------------------------------------------------------

    /// Begins a login; one begun before is void.
    ///
    /// @param redirect where the answer comes to: a port of this machine
    /// @return the page to show to a person
    public synchronized URI login(String redirect) throws IOException {
        if (credential.oauth().flow() != Oauth.Flow.CODE)
            throw new IOException("credential `" + credential.name()
                    + "` needs no person: its `flow` is `client-credentials`");
        if (challenge.equals(Challenge.NONE)) challenge = probed();
        found = null;
        var from = found();
        var login = Login.begun(
                from.issuer(), from.resource().resource(), redirect, scopes(from), random, clock.instant());
        pending = login;
        return login.page(credential.oauth().client());
    }

    /// Ends a login with what came back.
    public synchronized void answered(Login.Answer answer) throws IOException {
        var login = pending;
        // Once, whatever comes of it.
        pending = null;
        if (login == null) throw new IOException("no login is under way");
        var now = clock.instant();
        var code = login.code(answer, now);
        // To whom the person was sent, whatever the server names by now (RFC 9700 section 4.4).
        var endpoint = new TokenEndpoint(login.issuer(), credential.oauth().client(), login.resource(), out);
        var granted = endpoint.forCode(code, login.redirect(), login.verifier(), login.scopes(), now);
        keep(granted, login.scopes(), now);
        refreshAgain = Instant.MIN;
        keep(login.issuer(), granted);
    }

    private static final byte[] HELLO = """
            {"jsonrpc":"2.0","id":0,"method":"ping"}""".getBytes(StandardCharsets.UTF_8);

    /// What the server says to somebody without a token.
    private Challenge probed() throws IOException {
        var headers = Headers.of("accept", "application/json, text/event-stream", "content-type", "application/json");
        var reply = out.call(new Outward.Ask("POST", server, headers, HELLO, "ping"));
        return reply.status() == 401
                ? Challenge.of(String.join(", ", reply.headers().all("www-authenticate")))
                : Challenge.NONE;
    }

    // ----------------------------------------------------------------------------------------------------------------

    private Found found() throws IOException {
        var known = found;
        if (known != null) return known;
        var resource = metadata.resource(challenge);
        var wanted = credential.oauth().issuer();
        if (wanted.isPresent() && !resource.issuers().contains(wanted.get()))
            throw new IOException("the server does not name the `issuer` of credential `" + credential.name() + "`");
        var issuer = metadata.issuer(wanted.orElse(resource.issuers().getFirst()));
        if (credential.oauth().client() instanceof Oauth.Client.Published && !issuer.takesDocuments())
            throw new IOException("the authorization server takes no client id metadata documents");
        return found = new Found(resource, issuer);
    }

    private TokenEndpoint endpoint(Found from) {
        return new TokenEndpoint(from.issuer(), credential.oauth().client(), from.resource().resource(), out);
    }

    /// What the request needs, else what is configured, else what the server knows; never more than configured.
    private List<String> scopes(Found from) {
        var most = credential.oauth().scopes();
        var wanted = !challenge.scopes().isEmpty() ? challenge.scopes() : most.isEmpty() ? from.resource().scopes()
                : most;
        var scopes = new LinkedHashSet<>(wanted);
        if (!most.isEmpty()) scopes.retainAll(most);
        if (scopes.isEmpty()) scopes.addAll(most);
        boolean lasts = credential.oauth().flow() == Oauth.Flow.CODE && from.issuer().scopes()
                .contains("offline_access");
        if (lasts && !scopes.isEmpty()) scopes.add("offline_access");
        return List.copyOf(scopes);
    }

    /// How it stands, for operators.
    public synchronized String state() throws IOException {
        var now = clock.instant();
        if (held != null && now.isBefore(held.granted().expires())) return "a token until " + held.granted().expires();
        if (credential.oauth().flow() == Oauth.Flow.CLIENT_CREDENTIALS) return "asks for a token when it is used";
        var kept = files.read(credential.name(), server());
        return kept.map(it -> "logged in at " + it.issuer()).orElse("needs a login");
    }
}
