package dev.masugata.ledger;

import dev.masugata.model.Facts;

/// What the record says is so: the typed views of its folds. Each question is answered from memory as of the last
/// commit; two questions may see two commits.
public record Standing(
        Approvals approvals, Pins pins, Sessions sessions, Agents agents, PolicySets policies, Quarantine quarantine,
        Grants grants, Spending spending) {

    /// What a policy may know of a session.
    public Facts facts(String session) {
        return new Facts(sessions.labels(session), sessions.isStopped(session), quarantine.names());
    }
}
