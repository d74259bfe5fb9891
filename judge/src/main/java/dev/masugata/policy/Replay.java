package dev.masugata.policy;

import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.ledger.Standing;
import dev.masugata.model.Decision;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Asks a policy about everything that was decided since a time, before that policy is put in force.
public final class Replay {
    /// Differences listed; more are counted.
    public static final int DIFFERENCES_MAX = 10_000;

    private Replay() {}

    /// @param differences what would be decided otherwise
    /// @param unreadable  decisions whose content is not on record (any more)
    public record Report(long decisions, long unreadable, List<Difference> differences) {}

    /// @param before the outcome on record
    /// @param after  the outcome by the policy that is asked
    public record Difference(long decision, String session, String target, Outcome before, Outcome after, List<Reason> because) {}

    public static Report run(LedgerReader record, Policy policy, Instant since) {
        var standing = record.standing();
        long decisions = 0;
        long unreadable = 0;
        var differences = new ArrayList<Difference>();
        var query = Query.ALL.withType("decided").withSince(since).withLimit(Query.MOST);
        for (var page = record.entries(query); !page.isEmpty(); page = record.entries(query.withAfter(page.getLast().seq())))
            for (var entry : page) {
                var decided = (Event.Decided) entry.event();
                // What we refused without asking a policy stays refused whatever policies say.
                if (decided.outcome() == Outcome.DENIED && isOurs(decided)) continue;
                decisions++;
                var evidence = RecordedAction.evidence(record, standing, decided);
                if (evidence.isEmpty()) unreadable++;
                else {
                    var decision = policy.decide(evidence.get(), lifted(standing, decided));
                    var after = outcome(decision);
                    if (after != decided.outcome() && differences.size() < DIFFERENCES_MAX)
                        differences.add(new Difference(
                                entry.seq(), decided.session(), decided.target(), decided.outcome(), after, decision.because()));
                }
            }
        return new Report(decisions, unreadable, differences);
    }

    private static boolean isOurs(Event.Decided decided) {
        return decided.because().stream().anyMatch(it -> it.id().startsWith("mcp/") || it.id().startsWith("checkpoint/"));
    }

    /// What a person let through then, the same person's answer lets through now.
    private static Set<String> lifted(Standing standing, Event.Decided decided) {
        return standing.approvals().of(decided.approval()).stream()
                .flatMap(it -> it.because().stream())
                .map(Reason::id)
                .collect(Collectors.toSet());
    }

    static Outcome outcome(Decision decision) {
        return switch (decision) {
            case Decision.Allow _ -> Outcome.ALLOWED;
            case Decision.Rewrite _ -> Outcome.MASKED;
            case Decision.Hold _ -> Outcome.HELD;
            case Decision.Deny _ -> Outcome.DENIED;
        };
    }
}
