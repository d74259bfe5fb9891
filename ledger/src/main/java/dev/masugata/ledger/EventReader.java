package dev.masugata.ledger;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Finding;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/// Reads the entries that [EventJson] wrote.
final class EventReader {
    private static final int MANY = 10_000_000;
    /// Our own bytes: the size limits were applied when they were recorded.
    private static final Limits OURS =
            new Limits(Integer.MAX_VALUE, Limits.DEEPEST, MANY, MANY, Integer.MAX_VALUE, Limits.NUMBER_CHARS);

    private final Json.Obj entry;
    private final Json payload;

    private EventReader(Json.Obj entry, Json payload) {
        this.entry = entry;
        this.payload = payload;
    }

    static Recorded read(byte[] body) {
        return read(body, Json.NULL);
    }

    /// @param payload what the event's payload becomes
    /// @throws Unreadable when the bytes are no entry of a known version
    static Recorded read(byte[] body, Json payload) {
        try {
            if (!(JsonReader.read(body, OURS) instanceof Json.Obj entry))
                throw new Unreadable("an entry is not an object");
            return new EventReader(entry, payload).recorded();
        } catch (JsonException | IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
            throw new Unreadable("an entry cannot be read: " + e.getMessage(), e);
        }
    }

    /// A payload's bytes as JSON. A value that the strict reader refuses (it came from elsewhere and was recorded for
    /// that) is shown as text.
    static Json payload(byte[] bytes) {
        try {
            return JsonReader.read(bytes, OURS);
        } catch (JsonException e) {
            return new Json.Str(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private Recorded recorded() {
        if (number("v") != EventJson.VERSION) throw new Unreadable("an entry of the unknown version " + number("v"));
        return new Recorded(number("seq"), Stamp.parse(text("time")), event(), entry.string("payload").orElse(""));
    }

    private Event event() {
        var session = text("session");
        var principal = text("principal");
        return switch (text("type")) {
            case "asked" -> new Event.Asked(session, principal, kind(), text("target"), text("digest"), payload);
            case "decided" -> new Event.Decided(
                    session, principal, number("asked"), kind(), text("target"), text("digest"),
                    Outcome.valueOf(upper("outcome")), because(), text("policy"), text("approval"));
            case "held" -> new Event.Held(
                    session, principal, number("asked"), kind(), text("target"), text("covers"), text("question"),
                    because(), instant("expires"), payload);
            case "answered" -> new Event.Answered(
                    session, principal, number("held"), entry.isTrue("approved"), instant("until"),
                    Math.toIntExact(number("times")), payload);
            case "done" -> new Event.Done(
                    session, principal, number("decided"), text("outcome"), number("bytesOut"), number("bytesIn"),
                    number("micros"), payload);
            case "found" -> new Event.Found(session, principal, number("about"), finding());
            case "changed" -> new Event.Changed(
                    session, principal, Event.Subject.valueOf(upper("subject")), text("name"), text("change"),
                    entry.object("detail"), payload);
            case String other -> throw new Unreadable("an entry of the unknown type `" + other + "`");
        };
    }

    private Finding finding() {
        var finding = new EventReader(entry.object("finding"), payload);
        int from = Math.toIntExact(finding.entry.integer("from").orElse((long) Finding.NOWHERE));
        int to = Math.toIntExact(finding.entry.integer("to").orElse((long) Finding.NOWHERE));
        var fingerprint = finding.entry.string("fingerprint").orElse("");
        return new Finding(
                finding.text("rule"), Severity.valueOf(finding.upper("severity")), finding.text("place"), from, to,
                        fingerprint);
    }

    private List<Reason> because() {
        return entry.items("because").stream().map(this::reason).toList();
    }

    private Reason reason(Json item) {
        if (!(item instanceof Json.Obj it)) throw new Unreadable("a reason is not an object");
        var reason = new EventReader(it, payload);
        return new Reason(reason.text("id"), reason.text("text"));
    }

    private Action.Kind kind() {
        return Action.Kind.valueOf(upper("kind"));
    }

    private Instant instant(String name) {
        return Instant.parse(text(name));
    }

    private String upper(String name) {
        return text(name).toUpperCase(Locale.ROOT);
    }

    private String text(String name) {
        return entry.string(name).orElseThrow(() -> new Unreadable("an entry has no text `" + name + "`"));
    }

    private long number(String name) {
        return entry.integer(name).orElseThrow(() -> new Unreadable("an entry has no number `" + name + "`"));
    }
}
