package dev.masugata.ledger;

import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks at what stands in the database beside the record: what accounts were charged, how far followers have come,
/// which removals are unfinished.
///
/// A charge is granted ahead of use, so the record only says how much it must be at least; that it is not more, and
/// where a follower stands, only the holder of the key can have written.
final class BesideCheck {
    private final Statements database;
    private final MacKey.@Nullable Tagger tagger;
    private final EntryCheck.Faults faults;

    BesideCheck(Statements database, MacKey.@Nullable Tagger tagger, EntryCheck.Faults faults) {
        this.database = database;
        this.tagger = tagger;
        this.faults = faults;
    }

    private record Amount(long events, long bytes) {
        static final Amount NONE = new Amount(0, 0);

        Amount plus(Amount more) {
            return new Amount(events + more.events, bytes + more.bytes);
        }

        boolean covers(Amount other) {
            return events >= other.events && bytes >= other.bytes;
        }

        @Override
        public String toString() {
            return events + " events, " + bytes + " bytes";
        }
    }

    /// @param sessions folded anew
    /// @param size     how many entries there are
    void check(Removals removals, Sessions sessions, long size) throws SQLException {
        // Before what was granted: a gate at work grants first and records then.
        var recorded = recorded();
        var granted = granted();
        recorded.forEach((payer, amount) -> {
            // With the last entry of an old session retention forgets what it was charged.
            boolean mayBeForgotten = removals.anyRetained() && sessions.of(payer).isEmpty();
            if (!granted.getOrDefault(payer, Amount.NONE).covers(amount) && !mayBeForgotten)
                faults.add(0, "charge of " + payer, "at least " + amount, granted.getOrDefault(payer, Amount.NONE));
        });
        followers(size);
        for (long seq : removals.unexplained()) faults.add(seq, "unfinished removal", "none", "one");
    }

    private Map<String, Amount> recorded() throws SQLException {
        var recorded = new HashMap<String, Amount>();
        try (var row = database.of("charge.recorded").executeQuery()) {
            while (row.next()) recorded.put(row.getString(1), new Amount(row.getLong(2), row.getLong(3)));
        }
        return recorded;
    }

    /// By who pays: outside of sessions a principal, whose accounts are by the day.
    private Map<String, Amount> granted() throws SQLException {
        var granted = new HashMap<String, Amount>();
        try (var row = database.of("charge.all").executeQuery()) {
            while (row.next()) {
                var account = row.getString(1);
                var amount = new Amount(row.getLong(2), row.getLong(3));
                granted.merge(account.substring(0, account.lastIndexOf(' ') + 1), amount, Amount::plus);
                if (!account.contains(" ")) granted.put(account, amount);
                if (tagger == null) continue;
                var tag = tagger.charge(account, amount.events(), amount.bytes());
                same("charge of " + account, amount, tag, row.getBytes(4));
            }
        }
        return granted;
    }

    private void followers(long size) throws SQLException {
        try (var row = database.of("follower.all").executeQuery()) {
            while (row.next()) {
                var name = row.getString(1);
                long seq = row.getLong(2);
                if (seq < 0 || seq > size) faults.add(0, "follower " + name, "0 to " + size, seq);
                if (tagger != null) same("follower " + name, seq, tagger.cursor(name, seq), row.getBytes(3));
            }
        }
    }

    private void same(String what, Object value, byte[] expected, byte[] found) {
        if (!MessageDigest.isEqual(expected, found))
            faults.add(0, what, "a value written with this home's key", value);
    }
}
