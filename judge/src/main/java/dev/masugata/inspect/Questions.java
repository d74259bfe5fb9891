package dev.masugata.inspect;

import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A question of a server to a person, held against what a server may ask: no secret in a form, and no link but one
/// that a browser opens safely (MCP 2026-07-28, elicitation: a form MUST NOT ask for secrets, and a client shows the
/// whole URL).
///
/// before -> after: `{"mode": "url", "url": "javascript:..."}` -> the finding `elicitation/link`.
public final class Questions implements Inspector {
    /// Characters of a link that is shown to a person whole.
    static final int LINK_CHARS = 2_000;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /// Words of a field that asks for what only its owner and the service may know.
    private static final Pattern SECRET = Pattern.compile(
            "\\b(pass ?word|pass ?phrase|passwd|pin ?code|secret|api ?key|access ?key|private ?key|seed ?phrase"
                    + "|recovery ?code|access ?token|auth ?token|bearer|cvv|cvc|one ?time ?(code|password)|otp)\\b"
                    + "|パスワード|暗証番号|秘密鍵|シークレット|認証コード");

    @Override
    public Inspection inspect(Action action) {
        if (!(action instanceof Action.Message question) || !question.method().equals("elicitation/create"))
            return Inspection.NOTHING;
        var findings = new ArrayList<Finding>();
        var params = question.params();
        if (params.string("mode").orElse("form").equals("url")) link(params).ifPresent(findings::add);
        for (var field : params.object("requestedSchema").object("properties").members().entrySet())
            if (asksForSecret(field.getKey(), field.getValue()))
                findings.add(new Finding(
                        "elicitation/secret",
                        Severity.HIGH,
                        "/requestedSchema/properties/" + Redaction.escaped(field.getKey())));
        return Inspection.of(findings);
    }

    private static Optional<Finding> link(Json.Obj params) {
        var url = params.string("url").orElse("");
        return isSafe(url) ? Optional.empty() : Optional.of(new Finding("elicitation/link", Severity.HIGH, "/url"));
    }

    /// `https`, or `http` of this machine; one host that can be read, nobody's name before it.
    static boolean isSafe(String url) {
        if (url.length() > LINK_CHARS) return false;
        try {
            var uri = new URI(url);
            var host = uri.getHost();
            if (host == null || uri.getRawUserInfo() != null) return false;
            boolean readable = host.chars().allMatch(c -> c > ' ' && c < 127)
                    && !host.toLowerCase(Locale.ROOT).contains("xn--");
            boolean web = "https".equalsIgnoreCase(uri.getScheme())
                    || "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(host);
            return readable && web;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    private static boolean asksForSecret(String name, Json schema) {
        if (!(schema instanceof Json.Obj field)) return false;
        var said = List.of(
                name, field.string("title").orElse(""), field.string("description").orElse(""));
        return field.string("format").orElse("").equals("password")
                || said.stream().map(Questions::words).anyMatch(it -> SECRET.matcher(it).find());
    }

    /// `apiKey` and `API_KEY` are `api key`.
    private static String words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").replaceAll("[_\\-.]+", " ").toLowerCase(Locale.ROOT);
    }
}
