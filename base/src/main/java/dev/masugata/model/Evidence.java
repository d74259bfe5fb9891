package dev.masugata.model;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/// All that policy may look at, as plain data.
///
/// @param toolClass what the tool can do at worst; only where the action is a tool call
/// @param findings  what inspection saw
/// @param opaque    places that could not be read, as JSON Pointers
/// @param address   where the caller is: `sealed`, or its network address
/// @param time      when the action was asked
public record Evidence(
        Session session,
        Action action,
        ToolClass toolClass,
        List<Finding> findings,
        Set<String> opaque,
        Facts facts,
        String address,
        Instant time) {
    public Evidence {
        findings = List.copyOf(findings);
        opaque = Set.copyOf(opaque);
    }

    /// The worst finding's severity; none is below [Severity#INFO].
    public java.util.Optional<Severity> severity() {
        return findings.stream().map(Finding::severity).max(java.util.Comparator.naturalOrder());
    }
}
