package dev.masugata.policy;

import dev.masugata.ledger.LedgerReader;
import dev.masugata.model.Decision;
import dev.masugata.model.Event;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Why a decision came out as it did: each policy that could apply, and what it says of the evidence on record.
public final class Explanation {
    private Explanation() {}

    /// @param effect `permit`, `forbid` or `hold`
    /// @param says   `applies`, `does not apply` or `cannot be evaluated`
    public record Line(String policy, String effect, String says, String reason) {}

    /// @param decision what the policy asked says now, with nothing lifted
    public record Answer(Decision decision, List<Line> lines) {}

    /// Empty where the content of the action is not on record (any more).
    public static Optional<Answer> of(LedgerReader record, PolicySet policy, Event.Decided decided) {
        return RecordedAction.evidence(record, record.standing(), decided)
                .map(evidence -> new Answer(policy.decide(evidence, Set.of()), policy.lines(evidence)));
    }
}
