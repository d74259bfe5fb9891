package dev.masugata.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All that policy may look at, as plain data.
///
/// @param findings what inspection saw
/// @param opaque   places that could not be read, as JSON Pointers
/// @param origins  where the values of the action come from
/// @param time     when the action was asked
public record Evidence(
        Session session,
        Action action,
        Circumstance circumstance,
        List<Finding> findings,
        Set<String> opaque,
        Origins origins,
        Facts facts,
        Instant time) {
    public Evidence {
        findings = List.copyOf(findings);
        opaque = Set.copyOf(opaque);
    }

    /// Of an action that carries no values.
    public Evidence(
            Session session,
            Action action,
            Circumstance circumstance,
            List<Finding> findings,
            Set<String> opaque,
            Facts facts,
            Instant time) {
        this(session, action, circumstance, findings, opaque, Origins.NONE, facts, time);
    }

    /// The worst finding's severity.
    public Optional<Severity> severity() {
        return findings.stream().map(Finding::severity).max(Comparator.naturalOrder());
    }
}
