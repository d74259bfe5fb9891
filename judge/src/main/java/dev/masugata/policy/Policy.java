package dev.masugata.policy;

import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import java.util.Set;

/// Decides from evidence alone: no clock, no I/O, no state, so that any decision can be replayed.
public interface Policy {

    /// The decision. Adding a finding, label or unknown value to the evidence never moves it towards allow.
    ///
    /// @param lifted the ids of the holding policies that a person's approval lifts for exactly this action
    Decision decide(Evidence evidence, Set<String> lifted);

    /// False only where [#decide] would deny the call whatever its arguments, and whatever the session has seen by
    /// then. Of the evidence only who asks, which tool, its class, where from and what for are looked at.
    default boolean couldPermit(Evidence call) {
        return true;
    }

    /// SHA-256 over the text and the tool shapes it was compiled from, hex: which policy this is.
    String digest();
}
