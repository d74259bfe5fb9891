package dev.masugata.model;

/// A run of an agent: a sealed one, or that of an authenticated token. Never anything that a request body says.
///
/// What changes during a run (labels, grants, a stop) is not here but in [Facts].
public record Session(String id, Principal.Agent agent, String purpose, Kind kind) {
    public Session {
        Names.require("session", id);
    }

    /// How the caller proved that it belongs to the session.
    public enum Kind {
        /// It sits inside a seal: being there is the right.
        SEALED,
        /// It showed a token of the agent.
        TOKEN
    }
}
