package dev.masugata.app;

import dev.masugata.gates.mcp.Callers;
import dev.masugata.net.Request;
import java.util.Optional;

/// Callers from outside a seal: a token says which agent, and an agent has one rolling session.
final class TokenCallers implements Callers {
    private final Tokens tokens;
    private final Sessions sessions;

    TokenCallers(Tokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @Override
    public Optional<Caller> of(Request request) {
        var header = request.headers().one("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) return Optional.empty();
        var named = request.headers().one("masugata-session");
        return tokens.agent(header.substring(7).strip())
                .map(sessions::rolling)
                .filter(session -> named.isEmpty() || named.get().equals(session.id()))
                .map(session -> new Caller(session, address(request)));
    }

    @Override
    public String challenge(Request request) {
        return new ResourceMetadata(tokens).challenge(request);
    }

    private static String address(Request request) {
        return request.peer().address().map(it -> it.getAddress().getHostAddress()).orElse("local");
    }
}
