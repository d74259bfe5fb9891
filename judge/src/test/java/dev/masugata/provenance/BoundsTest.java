package dev.masugata.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Source.Integrity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is said and answered is bounded, and past each bound values are less trusted, not more.
class BoundsTest {
    private final Map<String, Set<String>> labels = new HashMap<>();
    private final Provenance provenance = new Provenance(id -> labels.getOrDefault(id, Set.of()));

    private static Session session(String id) {
        return new Session(id, new Principal.Agent("coder", "alice", Set.of()), "", Session.Kind.TOKEN);
    }

    private static Action.ToolCall call(Json.Obj arguments) {
        return new Action.ToolCall("web", "get", Json.object("name", "get").with("arguments", arguments));
    }

    private void untrusted(Session session, Json.Obj message) {
        provenance.expect(session);
        var held = Set.of("untrusted");
        labels.put(session.id(), held);
        var delivery = new Action.Delivery(call(Json.EMPTY), message);
        provenance.delivered(session, delivery, _ -> held, held, List.of(), false, "d-1");
    }

    @Test
    void ofManySessionsTheLongestUnusedIsKnownByItsLabelsAlone() {
        var first = session("s-0");
        provenance.said(first, Integrity.USER, "alice", "write to bob@x.example");
        untrusted(first, Json.object("text", "hello"));
        var to = call(Json.object("to", "bob@x.example"));
        assertEquals(Set.of(), provenance.trail(first, to).origins().unproven());
        for (int i = 1; i <= Provenance.SESSIONS_MAX; i++)
            provenance.said(session("s-" + i), Integrity.USER, "alice", "x");
        assertEquals(Set.of("/to"), provenance.trail(first, to).origins().untrusted(),
                "forgotten, and it had read strangers' text");
    }

    @Test
    void theTextsOfAHugeAnswerAreBoundedAndTheRestIsNotTrusted() {
        var session = session("s-1");
        var items = new ArrayList<Json>();
        for (int i = 0; i < Pieces.PIECES_MAX + 10; i++) items.add(Json.of("text number " + i));
        untrusted(session, Json.object("structuredContent", new Json.Arr(items)));
        assertFalse(new Pieces(Json.object("structuredContent", new Json.Arr(items))).whole());
        var value = call(Json.object("to", "text number " + (Pieces.PIECES_MAX + 5)));
        assertEquals(Set.of("/to"), provenance.trail(session, value).origins().untrusted());
    }

    @Test
    void theNamesOfOneValueAreBounded() {
        var text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) text.append("host").append(i).append(".example ");
        assertEquals(Identifiers.IDENTIFIERS_MAX, Identifiers.in(text.toString()).size());
    }

    @Test
    void megabytesOnOneLineAndABombAreAnswered() {
        var session = session("s-2");
        untrusted(session, Json.object("content",
                new Json.Arr(List.of(Json.object("text", "a@b.example ".repeat(100_000))))));
        untrusted(session, Json.object("content", new Json.Arr(List.of(Json.object("text", "%25".repeat(200_000))))));
        var trail = provenance.trail(session,
                call(Json.object("body", "c@d.example ".repeat(50_000)).with("to", "a@b.example")));
        assertTrue(trail.origins().untrusted().contains("/to"));
    }
}
