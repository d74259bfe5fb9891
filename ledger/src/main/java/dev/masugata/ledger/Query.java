package dev.masugata.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Which entries to read. Each `with` narrows it.
///
/// @param since       not before this time; [Instant#EPOCH]: any
/// @param session     empty: any
/// @param type        `asked`, `decided`, `held`, `answered`, `done`, `found`, `changed`; empty: any
/// @param target      exactly this target of a decision; empty: any
/// @param denied      decisions that let nothing through: held, denied or quarantined
/// @param after       only entries after this one; 0: from the first on
/// @param before      only entries before this one; 0: to the last
/// @param limit       at most so many
/// @param newestFirst else the oldest first
public record Query(
        Instant since, String session, String type, String target, boolean denied, long after, long before, int limit,
        boolean newestFirst) {

    /// Entries of one answer.
    public static final int MOST = 10_000;
    /// Bytes of entries and payloads after which an answer ends; whoever wants more asks again [#withAfter] it.
    public static final int MOST_BYTES = 32 * 1024 * 1024;

    /// All entries, the oldest first.
    public static final Query ALL = new Query(Instant.EPOCH, "", "", "", false, 0, 0, MOST, false);

    public Query {
        if (limit < 1 || limit > MOST) throw new IllegalArgumentException("limit must be 1 to " + MOST);
    }

    public Query withSince(Instant time) {
        return new Query(time, session, type, target, denied, after, before, limit, newestFirst);
    }

    public Query withSession(String id) {
        return new Query(since, id, type, target, denied, after, before, limit, newestFirst);
    }

    public Query withType(String word) {
        return new Query(since, session, word, target, denied, after, before, limit, newestFirst);
    }

    public Query withTarget(String name) {
        return new Query(since, session, type, name, denied, after, before, limit, newestFirst);
    }

    public Query withDenied() {
        return new Query(since, session, type, target, true, after, before, limit, newestFirst);
    }

    public Query withAfter(long seq) {
        return new Query(since, session, type, target, denied, seq, before, limit, newestFirst);
    }

    public Query withBefore(long seq) {
        return new Query(since, session, type, target, denied, after, seq, limit, newestFirst);
    }

    public Query withLimit(int most) {
        return new Query(since, session, type, target, denied, after, before, most, newestFirst);
    }

    public Query withNewestFirst() {
        return new Query(since, session, type, target, denied, after, before, limit, true);
    }

    /// The end of the statement that `entry.select` begins, and its parameters.
    record Filter(String sql, List<Object> parameters) {}

    /// @param first the first entry that is not before `since`
    Filter filter(long first) {
        var where = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        where.add("e.seq >= ?");
        parameters.add(Math.max(first, after + 1));
        if (before > 0) {
            where.add("e.seq < ?");
            parameters.add(before);
        }
        if (denied) where.add("e.type = 'decided' AND e.outcome IN ('held', 'denied', 'quarantined')");
        if (!target.isEmpty()) {
            where.add("e.type = 'decided' AND e.target = ?");
            parameters.add(target);
        }
        if (!type.isEmpty()) {
            where.add("e.type = ?");
            parameters.add(type);
        }
        if (!session.isEmpty()) {
            where.add("e.session = ?");
            parameters.add(session);
        }
        parameters.add(limit);
        return new Filter(
                " WHERE " + String.join(" AND ", where) + " ORDER BY e.seq" + (newestFirst ? " DESC" : "") + " LIMIT ?",
                parameters);
    }
}
