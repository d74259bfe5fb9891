package dev.masugata.app;

import dev.masugata.gates.llm.Callers;
import dev.masugata.net.Request;
import java.util.Optional;

/// Callers of models from outside a seal: the token stands where the provider's client puts its key.
record TokenModelCallers(Tokens tokens, Sessions sessions) implements Callers {
    @Override
    public Optional<Caller> of(Request request) {
        var named = request.headers().one("masugata-session");
        return token(request).flatMap(tokens::agent)
                .map(sessions::rolling)
                .filter(session -> named.isEmpty() || named.get().equals(session.id()))
                .map(session -> new Caller(session, address(request)));
    }

    private static Optional<String> token(Request request) {
        var bearer = request.headers().one("authorization")
                .filter(it -> it.regionMatches(true, 0, "Bearer ", 0, 7)).map(it -> it.substring(7).strip());
        return bearer.or(() -> request.headers().one("x-api-key")).or(() -> request.headers().one("x-goog-api-key"));
    }

    private static String address(Request request) {
        return request.peer().address().map(it -> it.getAddress().getHostAddress()).orElse("local");
    }
}
