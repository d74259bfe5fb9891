package dev.masugata.app;

import dev.masugata.ledger.Approvals.Approval;
import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What waits for a human, and the human's answer.
final class ApprovalOrders {
    private final House house;
    private final KnownSessions known;

    ApprovalOrders(House house, KnownSessions known) {
        this.house = house;
        this.known = known;
    }

    Json.Obj waiting() {
        var waiting = new ArrayList<Json>();
        for (var approval : house.checkpoint.holds().waiting())
            if (!known.isEnded(approval.session())) waiting.add(shown(approval));
        return Json.object("approvals", new Json.Arr(waiting));
    }

    private Json shown(Approval approval) {
        long held = Long.parseLong(approval.id().substring(2));
        var content = house.ledger.reader().entry(held).map(it -> it.event().payload()).orElse(Json.NULL);
        return Json.object("id", approval.id())
                .with("session", approval.session())
                .with("principal", approval.principal())
                .with("action", approval.kind().word())
                .with("target", approval.target())
                .with("question", approval.question())
                .with("because", Json.strings(approval.because().stream().map(it -> it.id()).toList()))
                .with("since", approval.held().toString())
                .with("expires", approval.expires().toString())
                .with("paths", paths(held))
                .with("content", content);
    }

    /// What was let and still holds.
    Json.Obj granted() {
        var granted = new ArrayList<Json>();
        for (var approval : house.checkpoint.holds().granted())
            if (!known.isEnded(approval.session()))
                granted.add(Json.object("id", approval.id())
                        .with("session", approval.session())
                        .with("principal", approval.principal())
                        .with("action", approval.kind().word())
                        .with("target", approval.target())
                        .with("by", approval.by())
                        .with("until", approval.until().toString())
                        .with("times", approval.times())
                        .with("used", approval.used()));
        return Json.object("grants", new Json.Arr(granted));
    }

    Json.Obj takeBack(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = request.string("id").orElse("");
        if (!house.checkpoint.holds().takeBack(id, operator, request.string("note").orElse("")))
            throw new Refused(1, "nothing was let under `" + id + "` that still holds: masugata grants");
        return Json.object("revoked", id);
    }

    /// From which content the values of a held action came.
    private Json paths(long held) {
        var reader = house.ledger.reader();
        var none = new Json.Arr(List.of());
        if (!(reader.entry(held).map(it -> it.event()).orElse(null) instanceof Event.Held event)) return none;
        var asked = reader.entry(event.asked()).map(it -> it.event().payload()).orElse(Json.NULL);
        return asked instanceof Json.Obj payload ? new Json.Arr(payload.object("origins").items("paths")) : none;
    }

    Json.Obj answer(Principal.Operator operator, Json.Obj request) throws Refused {
        var id = request.string("id").orElse("");
        boolean approved = request.isTrue("approved");
        var life = Duration.ofSeconds(request.integer("seconds").orElse(0L));
        var approval = house.ledger.standing().approvals().of(id);
        if (approval.isEmpty()) throw new Refused(1, "there is no approval `" + id + "`: masugata approvals");
        var ended = known.ended(approval.get().session());
        if (approved && ended.isPresent()) throw new Refused(1, ended.get() + ": nothing of it can go any more");
        var own = house.config.managed().refuses(operator.name(), known.user(approval.get().session()));
        if (approved && own.isPresent()) throw new Refused(1, own.get() + ": masugata deny " + id);
        if (!house.checkpoint.holds().answer(id, operator, approved, life, request.string("note").orElse("")))
            throw new Refused(1, "approval `" + id + "` does not wait: it is " + approval.get()
                    .at(house.clock.instant()).word());
        var said = Json.object("id", id).with("answer", approved ? "approved" : "denied");
        var session = approval.get().session();
        if (!approved || !house.checkpoint.isStopped(session)) return said;
        return said.with("hint", "session " + session + " is stopped, so nothing of it passes: masugata resume "
                + session);
    }
}
