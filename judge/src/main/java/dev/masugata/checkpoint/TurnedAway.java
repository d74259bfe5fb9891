package dev.masugata.checkpoint;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many requests that were refused unread go on record: of each door the first ones in a minute, then their count
/// with the first of the next. Nobody proved anything for them, so none of them may cost the record much.
final class TurnedAway {
    /// Recorded of one door in one minute.
    static final int A_MINUTE = 60;
    /// Doors counted; past it those whose minute is over are forgotten.
    static final int DOORS_MAX = 1_000;

    private static final class Minute {
        private Instant ends;
        private int count;

        Minute(Instant ends) {
            this.ends = ends;
        }
    }

    private final InstantSource clock;
    private final Map<String, Minute> minutes = new HashMap<>();

    TurnedAway(InstantSource clock) {
        this.clock = clock;
    }

    synchronized int doors() {
        return minutes.size();
    }

    /// What is to be recorded of one more.
    ///
    /// @param door a session's, or the one of all who come from outside: empty
    synchronized List<Finding> of(String door, int status) {
        var now = clock.instant();
        if (minutes.size() >= DOORS_MAX) minutes.values().removeIf(it -> !now.isBefore(it.ends));
        var minute = minutes.computeIfAbsent(door, _ -> new Minute(now.plusSeconds(60)));
        var findings = new ArrayList<Finding>();
        if (!now.isBefore(minute.ends)) {
            int more = minute.count - A_MINUTE;
            if (more > 0) findings.add(new Finding("http/more", Severity.LOW, more + " more in a minute"));
            minute.count = 0;
            minute.ends = now.plusSeconds(60);
        }
        if (++minute.count <= A_MINUTE) findings.add(new Finding("http/" + status, Severity.LOW, ""));
        return findings;
    }
}
