package dev.masugata.app.watch;

import dev.masugata.app.Home;
import dev.masugata.app.watch.OwnTool.Argument;
import dev.masugata.app.watch.OwnTool.Refused;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Payload;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What of the record our own server shows: names and decisions, and no content.
final class OwnEvents {
    private final Home home;
    private final String principal;

    /// @param principal whose events; empty: everybody's
    OwnEvents(Home home, String principal) {
        this.home = home;
        this.principal = principal;
    }

    List<OwnTool> tools() {
        // The same for all callers: a definition is pinned once.
        var about = " Who has no right to those of others sees its own.";
        return List.of(
                new OwnTool("list_runtime_events", "events", "What agents did lately: decisions and findings." + about,
                        List.of(new Argument("session", "string", false, "of one session"),
                                new Argument("denied", "boolean", false, "only what was held or denied"),
                                new Argument("limit", "integer", false, "at most so many, 50 if not said")),
                        this::list),
                new OwnTool("get_event_info", "events", "One event with its reasons." + about,
                        List.of(new Argument("id", "string", true, "`d-41`, or an event's number")), this::one),
                new OwnTool("get_event_process_tree", "events", "What led to a decision and what it led to: the model's"
                        + " turn, the calls it asked for, their ends. The record holds no processes." + about,
                        List.of(new Argument("id", "string", true, "a decision, `d-41`")), this::tree));
    }

    private LedgerReader record() {
        return LedgerReader.open(LedgerOptions.at(home.directory()));
    }

    private boolean isSeen(Entry entry) {
        return principal.isEmpty() || entry.event().principal().equals(principal);
    }

    private Json.Obj list(Json.Obj arguments) throws Refused {
        long limit = arguments.at("limit").isEmpty() ? 50 : arguments.integer("limit").orElse(-1L);
        if (limit < 1 || limit > OwnTools.ROWS_MAX)
            throw new Refused("`limit` is a number from 1 to " + OwnTools.ROWS_MAX);
        var query = Query.ALL.withNewestFirst().withLimit(Query.MOST);
        if (arguments.string("session").isPresent()) query = query.withSession(arguments.string("session").get());
        if (arguments.isTrue("denied")) query = query.withDenied();
        var rows = new ArrayList<Json>();
        try (var record = record()) {
            for (var entry : record.entries(query)) {
                if (rows.size() >= limit) break;
                if (isSeen(entry)) json(entry).ifPresent(rows::add);
            }
        }
        return Json.object("events", new Json.Arr(rows));
    }

    private static Optional<Json.Obj> json(Entry entry) {
        var it = entry.event();
        var row = Json.object("seq", Json.of(entry.seq())).with("time", entry.time().toString())
                .with("session", it.session()).with("principal", it.principal());
        return switch (it) {
            case Event.Decided e -> Optional.of(row.with("id", "d-" + entry.seq()).with("type", "decided")
                    .with("kind", e.kind().word()).with("target", e.target()).with("outcome", e.outcome().word())
                    .with("because", Json.strings(e.because().stream().map(Reason::text).toList())));
            case Event.Found e -> Optional.of(row.with("type", "found").with("rule", e.finding().rule())
                    .with("severity", e.finding().severity().word()));
            case Event.Done e -> Optional.of(row.with("type", "done").with("decided", "d-" + e.decided())
                    .with("outcome", e.outcome()).with("millis", Json.of(e.micros() / 1000)));
            case Event.Held e -> Optional.of(row.with("type", "held").with("kind", e.kind().word())
                    .with("target", e.target()).with("question", e.question()));
            case Event.Answered e -> Optional.of(row.with("type", "answered").with("approved", Json.of(e.approved())));
            case Event.Asked _, Event.Changed _ -> Optional.empty();
        };
    }

    private Entry entry(LedgerReader record, Json.Obj arguments) throws Refused {
        var id = arguments.string("id").orElse("");
        if (!id.matches("(d-)?[0-9]{1,18}")) throw new Refused("`" + id + "` is no event: write `d-41`, or its number");
        return record.entry(Long.parseLong(id.replace("d-", ""))).filter(this::isSeen)
                .orElseThrow(() -> new Refused("there is no event `" + id + "`, or you have no right to it"));
    }

    private Json.Obj one(Json.Obj arguments) throws Refused {
        try (var record = record()) {
            return json(entry(record, arguments)).orElseThrow(() -> new Refused("it is no decision and no finding"));
        }
    }

    private Json.Obj tree(Json.Obj arguments) throws Refused {
        try (var record = record()) {
            var entry = entry(record, arguments);
            if (!(entry.event() instanceof Event.Decided decided))
                throw new Refused("`" + arguments.string("id").orElse("") + "` is no decision");
            var up = new ArrayList<Json>();
            turn(record, decided).ifPresent(id -> record.entry(id).flatMap(OwnEvents::json).ifPresent(up::add));
            var down = new ArrayList<Json>();
            for (var later : record.entries(
                    Query.ALL.withSession(decided.session()).withAfter(entry.seq()).withLimit(Query.MOST))) {
                if (down.size() >= OwnTools.ROWS_MAX) break;
                if (isOf(record, later, entry.seq())) json(later).ifPresent(down::add);
            }
            return Json.object("event", json(entry).orElse(Json.EMPTY)).with("causedBy", new Json.Arr(up))
                    .with("ledTo", new Json.Arr(down));
        }
    }

    private static boolean isOf(LedgerReader record, Entry later, long decision) {
        return switch (later.event()) {
            case Event.Done done -> done.decided() == decision;
            case Event.Decided it when it.outcome() != Outcome.QUARANTINED ->
                turn(record, it).filter(id -> id == decision).isPresent();
            case Event.Asked _, Event.Decided _, Event.Held _, Event.Answered _, Event.Found _, Event.Changed _ ->
                    false;
        };
    }

    /// The decision that let the model be asked whose turn asked for this.
    private static Optional<Long> turn(LedgerReader record, Event.Decided decided) {
        return record.entry(decided.asked()).filter(it -> it.payload() == Payload.KEPT)
                .filter(it -> it.event() instanceof Event.Asked)
                .flatMap(it -> ((Event.Asked) it.event()).payload() instanceof Json.Obj payload
                        ? payload.string("turn") : Optional.empty())
                .filter(it -> it.matches("d-[0-9]{1,18}")).map(it -> Long.parseLong(it.substring(2)));
    }
}
