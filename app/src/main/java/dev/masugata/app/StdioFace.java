package dev.masugata.app;

import dev.masugata.app.control.Link;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The MCP gate for a client that only speaks stdio, over the operator's own connection.
final class StdioFace {
    private final House house;

    StdioFace(House house) {
        this.house = house;
    }

    /// How long a client whose input ended may still wait for what it asked.
    static final Duration LAST_ANSWERS = Duration.ofMinutes(2);

    Json.Obj serve(Principal.Operator operator, Json.Obj request, Link link) throws Refused, IOException {
        var server = request.string("server").orElse("");
        if (!house.config.servers().containsKey(server)) throw new Refused(1, ToolOrders.unknownServer(house, server));
        var agent = house.config.users().bound(
                AgentOrders.own(request.string("agent").orElse("local"), operator));
        var session = house.sessions.rolling(agent);
        var face = house.tokenGate.stdio(session, List.of(server));
        link.message(Json.object("session", session.id()));
        boolean waits = false;
        while (!waits && link.receive().orElse(null) instanceof Link.Received.Input(var line)) {
            // The end of its input: it still waits for answers.
            waits = line.length == 0;
            if (!waits) face.line(line, answer -> send(link, answer));
        }
        try {
            if (waits) face.finish(LAST_ANSWERS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        face.end();
        return Json.EMPTY;
    }

    private static void send(Link link, Json.Obj message) {
        try {
            link.output((JsonWriter.text(message) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }
}
