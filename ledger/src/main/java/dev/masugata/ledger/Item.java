package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.security.SecureRandom;
import java.util.HexFormat;

/// An event made ready to be written, on its caller's thread: all that needs neither its number nor its time.
///
/// @param salt    empty where there is no payload
/// @param payload empty where there is none
record Item(Event event, Columns columns, Draft draft, byte[] salt, byte[] payload) {
    private static final byte[] NONE = new byte[0];
    private static final int SALT_BYTES = 32;
    /// Two numbers' most digits, and a time.
    private static final int TO_COME = 2 * 19 + Stamp.LENGTH;

    /// @throws QuotaExceeded when the event is larger than an entry or a payload may be
    static Item of(Event event, SecureRandom random) {
        var payload = EventJson.payload(event);
        if (payload.length > LedgerLimits.PAYLOAD_BYTES)
            throw new QuotaExceeded(who(event), "bytes in one payload", LedgerLimits.PAYLOAD_BYTES);
        var salt = payload.length == 0 ? NONE : salt(random);
        var draft = EventJson.draft(event, payload.length == 0 ? "" : hash(salt, payload));
        if (draft.bytes().length + TO_COME > LedgerLimits.ENTRY_BYTES)
            throw new QuotaExceeded(who(event), "bytes in one entry", LedgerLimits.ENTRY_BYTES);
        if (event instanceof Event.Answered it && it.held() < 1)
            throw new IllegalArgumentException("an answer names the question's entry");
        // What is free in form must be readable later, or the folds could not be folded anew.
        if (event instanceof Event.Changed) EventReader.read(draft.finish(1, 1, new Stamp().of(0)));
        return new Item(event, Columns.of(event), draft, salt, payload);
    }

    private static byte[] salt(SecureRandom random) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    /// What the entry holds of its payload: with the salt gone it tells nothing.
    static String hash(byte[] salt, byte[] payload) {
        return HexFormat.of().formatHex(MacKey.hmac(salt).doFinal(payload));
    }

    /// This item in a group whose first entry has that number.
    Item inGroup(long first) {
        return columns.ref() == Ledger.FIRST
                ? new Item(refer(first), columns.withRef(first), draft, salt, payload)
                : this;
    }

    private Event refer(long first) {
        return switch (event) {
            case Event.Decided it -> new Event.Decided(
                    it.session(), it.principal(), first, it.kind(), it.target(), it.digest(), it.outcome(),
                    it.because(), it.policy(), it.approval());
            case Event.Held it -> new Event.Held(
                    it.session(), it.principal(), first, it.kind(), it.target(), it.covers(), it.question(),
                    it.because(), it.expires(), it.payload());
            case Event.Done it -> new Event.Done(
                    it.session(), it.principal(), first, it.outcome(), it.bytesOut(), it.bytesIn(), it.micros(),
                    it.payload());
            case Event.Found it -> new Event.Found(it.session(), it.principal(), first, it.finding());
            case Event.Asked _, Event.Answered _, Event.Changed _ -> event;
        };
    }

    int bytes() {
        return draft.bytes().length + TO_COME + salt.length + payload.length;
    }

    private static String who(Event event) {
        return event.session().isEmpty() ? event.principal() : event.session();
    }
}
