package dev.masugata.ledger;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares one row, column by column, with what the entry in it says.
final class EntryCheck {
    interface Faults {
        void add(long seq, String what, Object expected, Object found);
    }

    private final Removals removals;
    private final MacKey.@Nullable Tagger tagger;
    private final Faults faults;
    private long lastMicros;
    private long erased;

    EntryCheck(Removals removals, MacKey.@Nullable Tagger tagger, Faults faults) {
        this.removals = removals;
        this.tagger = tagger;
        this.faults = faults;
    }

    /// Payloads that were rightly missing so far.
    long erased() {
        return erased;
    }

    /// @param row  as `entry.all` gives it
    /// @param leaf the leaf hash of the row's body
    /// @return the entry, if it can be read and is believed
    Optional<Recorded> check(ResultSet row, byte[] leaf) throws SQLException {
        long seq = row.getLong("seq");
        var body = row.getBytes("body");
        if (!Arrays.equals(leaf, row.getBytes("leaf"))) faults.add(seq, "leaf", hex(leaf), hex(row.getBytes("leaf")));
        Recorded entry;
        try {
            entry = EventReader.read(body);
        } catch (Unreadable e) {
            faults.add(seq, "body", "an entry", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        columns(row, seq, entry);
        payload(row, seq, entry);
        boolean believed = entry.seq() == seq && tag(row, seq, entry, body);
        return believed ? Optional.of(entry) : Optional.empty();
    }

    private void columns(ResultSet row, long seq, Recorded entry) throws SQLException {
        var columns = Columns.of(entry.event());
        same(seq, "seq", entry.seq(), seq);
        same(seq, "time", entry.micros(), row.getLong("time"));
        same(seq, "type", columns.type(), row.getString("type"));
        same(seq, "session", columns.session(), row.getString("session"));
        same(seq, "principal", columns.principal(), row.getString("principal"));
        same(seq, "kind", columns.kind(), row.getString("kind"));
        same(seq, "target", columns.target(), row.getString("target"));
        same(seq, "outcome", columns.outcome(), row.getString("outcome"));
        same(seq, "ref", columns.ref(), row.getLong("ref"));
        if (entry.micros() < lastMicros)
            faults.add(seq, "time", "not before " + Stamp.instant(lastMicros), Stamp.instant(entry.micros()));
        lastMicros = Math.max(lastMicros, entry.micros());
    }

    private void same(long seq, String column, Object expected, Object found) {
        if (!expected.equals(found)) faults.add(seq, "column " + column, expected, found);
    }

    private void payload(ResultSet row, long seq, Recorded entry) throws SQLException {
        var salt = row.getBytes("salt");
        var stored = row.getBytes("payload");
        if (stored == null || salt == null) {
            if (entry.payload().isEmpty()) return;
            if (removals.mayTakePayload(seq, entry.event())) erased++;
            else faults.add(seq, "payload", entry.payload(), "missing, and no erasure explains it");
            return;
        }
        if (entry.payload().isEmpty()) faults.add(seq, "payload", "none", stored.length + " bytes");
        else if (removals.mustTakePayload(seq, entry.event()))
            faults.add(seq, "payload", "erased", stored.length + " bytes");
        else if (salt.length == 0 || !MessageDigest.isEqual(
                Item.hash(salt, stored).getBytes(), entry.payload().getBytes()))
            faults.add(seq, "payload", entry.payload(), salt.length == 0 ? "no salt" : Item.hash(salt, stored));
    }

    private boolean tag(ResultSet row, long seq, Recorded entry, byte[] body) throws SQLException {
        var tag = row.getBytes("tag");
        if (tagger == null) return true;
        if (!Authentic.needsTag(entry.event())) {
            if (tag != null) faults.add(seq, "tag", "none", hex(tag));
            return true;
        }
        if (tag != null && tagger.isEvent(body, tag)) return true;
        // What the tag would be is not told: it is what a forger lacks.
        faults.add(seq, "tag", "made with this home's key", tag == null ? "none" : hex(tag));
        return false;
    }

    static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "nothing" : HexFormat.of().formatHex(bytes);
    }
}
