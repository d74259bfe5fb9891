package dev.masugata.ledger;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How far followers have come, on the way to the database: written along with the next events, never by a
/// transaction of their own. After a crash a follower sees the last entries again.
final class Cursors {
    private final Map<String, Long> moved = new ConcurrentHashMap<>();
    private final Map<String, Long> latest = new ConcurrentHashMap<>();

    void move(String follower, long seq) {
        latest.put(follower, seq);
        moved.put(follower, seq);
    }

    /// Where a follower of this process came to.
    Optional<Long> of(String follower) {
        return Optional.ofNullable(latest.get(follower));
    }

    void write(Statements database, MacKey.Tagger tagger) throws SQLException {
        for (var cursor : moved.entrySet()) {
            var name = cursor.getKey();
            long seq = cursor.getValue();
            database.run("follower.put", name, seq, tagger.cursor(name, seq));
            moved.remove(name, seq);
        }
    }
}
