package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What each session has recorded, charged before it is recorded: a hostile session exhausts itself and nobody else.
///
/// The database holds, for each account, an amount that is granted ahead in steps: after a crash an account may have
/// lost what was left of its step, and never has more than its limit.
final class Accounts {
    private static final long STEP_EVENTS = 4096;
    private static final long STEP_BYTES = 4 * 1024 * 1024;

    private final LedgerLimits limits;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Queue<Account> due = new ConcurrentLinkedQueue<>();

    Accounts(LedgerLimits limits) {
        this.limits = limits;
    }

    /// Charges events of one caller. Operators and the house are not charged.
    ///
    /// @throws QuotaExceeded when the caller has used up what it may record
    Charge charge(Event event, int events, long bytes, long micros) {
        if (Privilege.has(event)) return Charge.NONE;
        var name = event.session().isEmpty() ? event.principal() + day(micros) : event.session();
        var account = accounts.computeIfAbsent(name, Account::new);
        account.take(events, bytes);
        return new Charge(account, events, bytes);
    }

    /// Callers outside of sessions are counted by the day: they have no end at which a count could begin anew.
    private static String day(long micros) {
        return " " + LocalDate.ofInstant(Stamp.instant(micros), ZoneOffset.UTC);
    }

    void load(Statements database, long micros) throws SQLException {
        try (var row = database.of("charge.all").executeQuery()) {
            while (row.next()) {
                var account = new Account(row.getString(1));
                account.events = account.grantedEvents = row.getLong(2);
                account.bytes = account.grantedBytes = row.getLong(3);
                boolean past = account.name.contains(" ") && !account.name.endsWith(day(micros));
                if (!past) accounts.putIfAbsent(account.name, account);
            }
        }
    }

    /// Writes down the steps that accounts have begun since the last call.
    void write(Statements database, MacKey.Tagger tagger) throws SQLException {
        for (Account account; (account = due.poll()) != null; ) account.write(database, tagger);
    }

    /// After a transaction that failed: its steps are to be written once more.
    void again() {
        due.addAll(accounts.values());
    }

    /// At the stop: writes down what was really used.
    void writeExactly(Statements database, MacKey.Tagger tagger) throws SQLException {
        for (var account : accounts.values()) account.writeExactly(database, tagger);
    }

    /// Forgets a session that the record has dropped.
    void forget(Statements database, String session) throws SQLException {
        accounts.remove(session);
        database.run("charge.drop", session);
    }

    /// What was charged for one append.
    record Charge(@Nullable Account account, int events, long bytes) {
        static final Charge NONE = new Charge(null, 0, 0);

        void recorded() {
            if (account != null) account.waiting(-events);
        }

        void giveBack() {
            if (account != null) account.giveBack(events, bytes);
        }
    }

    /// One caller's count. Its lock is held for a few additions only.
    final class Account {
        private final String name;
        private long events;
        private long bytes;
        private int waiting;
        private long grantedEvents;
        private long grantedBytes;

        Account(String name) {
            this.name = name;
        }

        synchronized void take(int more, long moreBytes) {
            if (waiting + more > limits.sessionAtOnce())
                throw new QuotaExceeded(name, "events at once", limits.sessionAtOnce());
            if (events + more > limits.sessionEvents()) throw new QuotaExceeded(name, "events", limits.sessionEvents());
            if (bytes + moreBytes > limits.sessionBytes())
                throw new QuotaExceeded(name, "bytes", limits.sessionBytes());
            waiting += more;
            events += more;
            bytes += moreBytes;
            if (events <= grantedEvents && bytes <= grantedBytes) return;
            grantedEvents = Math.min(events + STEP_EVENTS, limits.sessionEvents());
            grantedBytes = Math.min(bytes + STEP_BYTES, limits.sessionBytes());
            due.add(this);
        }

        synchronized void waiting(int change) {
            waiting += change;
        }

        synchronized void giveBack(int lessEvents, long lessBytes) {
            waiting -= lessEvents;
            events -= lessEvents;
            bytes -= lessBytes;
        }

        private synchronized void write(Statements database, MacKey.Tagger tagger) throws SQLException {
            put(database, tagger, grantedEvents, grantedBytes);
        }

        private synchronized void writeExactly(Statements database, MacKey.Tagger tagger) throws SQLException {
            put(database, tagger, events, bytes);
        }

        private void put(Statements database, MacKey.Tagger tagger, long someEvents, long someBytes)
                throws SQLException {
            var tag = tagger.charge(name, someEvents, someBytes);
            database.run("charge.put", name, someEvents, someBytes, tag);
        }
    }
}
