package dev.masugata.app;

import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.ledger.Scope;
import dev.masugata.model.Principal;
import dev.masugata.model.Source;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What operators do with sessions: stop and resume them, say something in them, erase what they left.
final class SessionOrders {
    private final House house;
    private final KnownSessions known;

    SessionOrders(House house, KnownSessions known) {
        this.house = house;
        this.known = known;
    }

    Json.Obj stop(Principal.Operator operator, Json.Obj request) throws Refused {
        var stopped = new ArrayList<String>();
        var unrecorded = Optional.<String>empty();
        for (var id : targets(request)) {
            try {
                stopped.add(id);
                house.stop(id, operator);
            } catch (LedgerUnavailable full) {
                // It is stopped all the same: that must not depend on room on a disk.
                unrecorded = Optional.of(String.valueOf(full.getMessage()));
            }
        }
        var answer = Json.object("stopped", Json.strings(stopped));
        return unrecorded.isEmpty() ? answer : answer.with("unrecorded", unrecorded.get());
    }

    private List<String> targets(Json.Obj request) throws Refused {
        if (request.isTrue("all")) return house.sessions.running().stream().map(it -> it.id()).toList();
        return List.of(known.open(request.string("session").orElse("")));
    }

    Json.Obj resume(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = known.open(request.string("session").orElse(""));
        if (!house.checkpoint.isStopped(id)) throw new Refused(1, "session `" + id + "` is not stopped: masugata ps");
        house.ledger.append(dev.masugata.ledger.Sessions.resumed(operator, id));
        house.checkpoint.resume(id);
        return Json.object("resumed", id);
    }

    /// Characters that one `say` may have.
    static final int SAID_CHARS_MAX = 64 * 1024;

    /// What the user or the operator means by this session, on a channel that no agent has.
    Json.Obj say(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = known.open(request.string("session").orElse(""));
        var session = house.sessions.running().stream().filter(it -> it.id().equals(id)).findFirst()
                .orElseThrow(() -> new Refused(1, "session `" + id + "` is not under way"));
        var text = request.string("text").orElse("");
        if (text.isBlank() || text.length() > SAID_CHARS_MAX)
            throw new Refused(2, "`say` needs a text of at most " + SAID_CHARS_MAX + " characters");
        boolean asOperator = request.isTrue("operator");
        house.ledger.append(dev.masugata.ledger.Sessions.said(operator, id, asOperator ? "operator" : "user", text));
        var integrity = asOperator ? Source.Integrity.OPERATOR : Source.Integrity.USER;
        house.provenance.said(session, integrity, operator.name() + " by `say`", text);
        return Json.object("session", id);
    }

    /// Erases what a session or a user said and did from the record; that it happened stays.
    Json.Obj erase(Principal.Operator operator, Json.Obj request) throws Refused {
        var session = request.string("session");
        var removed = session.isPresent()
                ? house.ledger.erase(operator, List.of(new Scope.OfSession(known.named(session.get()))))
                : house.ledger.eraseUser(operator, request.string("user").orElse(""));
        return Json.object("erased", Json.of(removed.count()));
    }
}
