package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Finding;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.List;

/// Writes events as the entries of the record: one object in canonical form (RFC 8785), version 1. Reading them back
/// is [EventReader]'s.
///
/// Every entry has `principal`, `seq`, `session`, `time`, `type` and `v`; `payload` is the payload's keyed hash in
/// hex, and missing where there is no payload. The rest are the event's own fields by their names.
final class EventJson {
    /// The version that is written.
    static final int VERSION = 1;

    private final CanonicalBytes out = new CanonicalBytes();
    private final String payload;
    private int refAt = -1;
    private int seqAt;
    private int timeAt;

    private EventJson(String payload) {
        this.payload = payload;
    }

    /// @param payload the payload's keyed hash in hex, or empty
    static Draft draft(Event event, String payload) {
        var writer = new EventJson(payload);
        writer.event(event);
        return new Draft(writer.out.take(), writer.refAt, writer.seqAt, writer.timeAt);
    }

    // Members stand in the order of their UTF-16 code units: each method below is one line of the alphabet.

    private void event(Event event) {
        switch (event) {
            case Event.Asked it -> asked(it);
            case Event.Decided it -> decided(it);
            case Event.Held it -> held(it);
            case Event.Answered it -> answered(it);
            case Event.Done it -> done(it);
            case Event.Found it -> found(it);
            case Event.Changed it -> changed(it);
        }
    }

    private void asked(Event.Asked it) {
        out.raw("{\"digest\":").string(it.digest());
        out.raw(",\"kind\":").string(it.kind().word());
        payload();
        principalSeqSession(it);
        out.raw(",\"target\":").string(it.target());
        time();
        end("asked");
    }

    private void decided(Event.Decided it) {
        out.raw("{\"approval\":").string(it.approval());
        reference(",\"asked\":", it.asked());
        because(it.because());
        out.raw(",\"digest\":").string(it.digest());
        out.raw(",\"kind\":").string(it.kind().word());
        out.raw(",\"outcome\":").string(it.outcome().word());
        out.raw(",\"policy\":").string(it.policy());
        principalSeqSession(it);
        out.raw(",\"target\":").string(it.target());
        time();
        end("decided");
    }

    private void held(Event.Held it) {
        reference("{\"asked\":", it.asked());
        because(it.because());
        out.raw(",\"covers\":").string(it.covers());
        out.raw(",\"expires\":").string(it.expires().toString());
        out.raw(",\"kind\":").string(it.kind().word());
        payload();
        out.raw(",\"principal\":").string(it.principal());
        out.raw(",\"question\":").string(it.question());
        seqSession(it);
        out.raw(",\"target\":").string(it.target());
        time();
        end("held");
    }

    private void answered(Event.Answered it) {
        out.raw("{\"approved\":").raw(it.approved() ? "true" : "false");
        out.raw(",\"held\":").number(it.held());
        payload();
        principalSeqSession(it);
        time();
        out.raw(",\"times\":").number(it.times());
        out.raw(",\"type\":\"answered\"");
        out.raw(",\"until\":").string(it.until().toString());
        version();
    }

    private void done(Event.Done it) {
        out.raw("{\"bytesIn\":").number(it.bytesIn());
        out.raw(",\"bytesOut\":").number(it.bytesOut());
        reference(",\"decided\":", it.decided());
        out.raw(",\"micros\":").number(it.micros());
        out.raw(",\"outcome\":").string(it.outcome());
        payload();
        principalSeqSession(it);
        time();
        end("done");
    }

    private void found(Event.Found it) {
        reference("{\"about\":", it.about());
        out.raw(",\"finding\":");
        finding(it.finding());
        principalSeqSession(it);
        time();
        end("found");
    }

    /// What a finding has not is left out, as entries written before it could have any.
    private void finding(Finding it) {
        out.raw("{");
        if (!it.fingerprint().isEmpty()) out.raw("\"fingerprint\":").string(it.fingerprint()).raw(",");
        if (it.hasSpan()) out.raw("\"from\":").number(it.from()).raw(",");
        out.raw("\"place\":").string(it.place());
        out.raw(",\"rule\":").string(it.rule());
        out.raw(",\"severity\":").string(it.severity().word());
        if (it.hasSpan()) out.raw(",\"to\":").number(it.to());
        out.raw("}");
    }

    private void changed(Event.Changed it) {
        out.raw("{\"change\":").string(it.change());
        out.raw(",\"detail\":").raw(JsonWriter.canonical(it.detail()));
        out.raw(",\"name\":").string(it.name());
        payload();
        principalSeqSession(it);
        out.raw(",\"subject\":").string(it.subject().word());
        time();
        end("changed");
    }

    /// The entry that this one follows from. That of the group's first event is not known yet.
    private void reference(String name, long seq) {
        out.raw(name);
        if (seq == Ledger.FIRST) refAt = out.length();
        else out.number(seq);
    }

    private void because(List<Reason> because) {
        out.raw(",\"because\":[");
        for (int i = 0; i < because.size(); i++) {
            out.raw(i == 0 ? "{\"id\":" : ",{\"id\":").string(because.get(i).id());
            out.raw(",\"text\":").string(because.get(i).text()).raw("}");
        }
        out.raw("]");
    }

    private void payload() {
        if (!payload.isEmpty()) out.raw(",\"payload\":").string(payload);
    }

    private void principalSeqSession(Event event) {
        out.raw(",\"principal\":").string(event.principal());
        seqSession(event);
    }

    private void seqSession(Event event) {
        out.raw(",\"seq\":");
        seqAt = out.length();
        out.raw(",\"session\":").string(event.session());
    }

    private void time() {
        out.raw(",\"time\":\"");
        timeAt = out.length();
        out.raw("\"");
    }

    private void end(String type) {
        out.raw(",\"type\":").string(type);
        version();
    }

    private void version() {
        out.raw(",\"v\":").number(VERSION).raw("}");
    }

    /// The bytes of a payload as they are stored and hashed; empty where there is none.
    static byte[] payload(Event event) {
        if (event.payload() instanceof Json.Null) return new byte[0];
        var bytes = JsonWriter.bytes(event.payload());
        // On one line, for exports by line. Between JSON's tokens, and nowhere else, a line may end.
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') bytes[i] = ' ';
        }
        return bytes;
    }
}
