package dev.masugata.model;

import java.util.Set;

/// Who said something, and what it is: the label of a span of text.
///
/// @param integrity how far its author may steer the agent
/// @param labels    what it holds: `secret`, `personal`, `internal`; none: public
/// @param name      who said it, as the record names it: `files/read_file`, `alice`
/// @param cause     the decision that let it in, such as `d-41`; empty where there was none
public record Source(Integrity integrity, Set<String> labels, String name, String cause) {
    public Source {
        labels = Set.copyOf(labels);
    }

    /// True if what it says is not for everybody.
    public boolean isConfidential() {
        return labels.contains("secret") || labels.contains("personal");
    }

    /// How far the author of a text may steer the agent, most first.
    public enum Integrity {
        /// The person whom the agent serves, on a channel that the gate owns.
        USER,
        /// Who runs Masugata: configuration, commands.
        OPERATOR,
        /// A tool that configuration trusts for what it says.
        TRUSTED,
        /// Anybody may have written it.
        UNTRUSTED,
        /// An agent's memory: whoever wrote it.
        MEMORY;

        /// True if a value that it said counts as meant.
        public boolean isPositive() {
            return switch (this) {
                case USER, OPERATOR, TRUSTED -> true;
                case UNTRUSTED, MEMORY -> false;
            };
        }
    }
}
