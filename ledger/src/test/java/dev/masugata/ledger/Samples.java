package dev.masugata.ledger;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Finding;
import dev.masugata.model.Outcome;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Events as the gates would record them.
final class Samples {
    static final Principal ALICE = new Principal.Operator("alice");
    static final Principal HOUSE = new Principal.House();
    static final String CODER = "agent:coder";
    static final String DIGEST = "9f".repeat(32);

    private Samples() {}

    static Session session(String id) {
        return new Session(id, new Principal.Agent("coder", "bob", Set.of("engineering")), "tests", Session.Kind.TOKEN);
    }

    static Event.Asked asked(String session, String text) {
        return new Event.Asked(
                session, CODER, Action.Kind.TOOL_CALL, "files/read_file", DIGEST,
                Json.object("arguments", Json.object("path", text)));
    }

    static Event.Decided decided(String session, long asked, Outcome outcome) {
        return new Event.Decided(
                session, CODER, asked, Action.Kind.TOOL_CALL, "files/read_file", DIGEST, outcome,
                List.of(new Reason("reading", "reading is allowed")), "policy-1", "");
    }

    static Event.Decided uses(String session, long asked, String approval) {
        return new Event.Decided(
                session, CODER, asked, Action.Kind.TOOL_CALL, "files/write_file", DIGEST, Outcome.ALLOWED,
                List.of(new Reason("writing", "a person approved")), "policy-1", approval);
    }

    static Event.Done done(String session, long decided) {
        return new Event.Done(session, CODER, decided, "ok", 581, 1001, 1500, Json.NULL);
    }

    static Event.Held held(String session, String covers, Instant expires) {
        return new Event.Held(
                session, CODER, 1, Action.Kind.TOOL_CALL, "files/write_file", covers, "write a file?",
                List.of(new Reason("writing", "writing asks")), expires, Json.object("path", "/etc/hosts"));
    }

    static Event.Answered approved(long held, Instant until, int times) {
        return new Event.Answered("", ALICE.id(), held, true, until, times, Json.NULL);
    }

    static Event.Answered denied(long held, Instant at) {
        return new Event.Answered("", ALICE.id(), held, false, at, 1, Json.object("note", "no"));
    }

    static Event.Found found(String session, long about) {
        return new Event.Found(session, CODER, about, new Finding("secret/aws", Severity.HIGH, "/arguments/path"));
    }

    /// A call as it is recorded when nothing is in its way: asked, decided, done.
    static void call(Ledger ledger, String session, String text) {
        long asked = ledger.appendAll(List.of(asked(session, text), decided(session, Ledger.FIRST, Outcome.ALLOWED)));
        ledger.append(done(session, asked + 1));
    }

    /// Events of every type with generated fields.
    static List<Event> generated(Random random, int count) {
        var events = new ArrayList<Event>();
        for (int i = 0; i < count; i++) events.add(generated(random));
        return events;
    }

    private static Event generated(Random random) {
        var session = random.nextBoolean() ? "" : "s-" + random.nextInt(100);
        var principal = text(random);
        var kind = pick(random, Action.Kind.values());
        var reasons = List.of(new Reason(text(random), text(random)), new Reason("b", text(random)));
        var payload = random.nextBoolean() ? Json.NULL : Json.object("p", text(random)).with("n", random.nextInt());
        var time = Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
        long number = random.nextLong(1L << 53);
        return switch (random.nextInt(7)) {
            case 0 -> new Event.Asked(session, principal, kind, text(random), text(random), payload);
            case 1 -> new Event.Decided(
                    session, principal, number, kind, text(random), text(random), pick(random, Outcome.values()),
                    reasons, text(random), text(random));
            case 2 -> new Event.Held(
                    session, principal, number, kind, text(random), text(random), text(random), reasons, time, payload);
            case 3 -> new Event.Answered(
                    session, principal, number + 1, random.nextBoolean(), time, random.nextInt(10), payload);
            case 4 -> new Event.Done(session, principal, number, text(random), number, 7, random.nextInt(10_000), Json.NULL);
            case 5 -> new Event.Found(
                    session, principal, number,
                    new Finding(text(random), pick(random, Severity.values()), text(random)));
            default -> new Event.Changed(
                    session, principal, pick(random, Event.Subject.values()), text(random), text(random),
                    Json.object("d", text(random)).with("a", Json.strings(List.of(text(random), "x"))), payload);
        };
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static String text(Random random) {
        var alphabet = "abcXYZ019 /:.-_\"\\\n\t\u0001\u00e9\u67a1\u5f62\ud83d\ude00";
        var points = alphabet.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) text.appendCodePoint(points[random.nextInt(points.length)]);
        return text.toString();
    }
}
