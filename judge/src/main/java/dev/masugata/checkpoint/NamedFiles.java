package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Session;

/// Knows what stands in the files that an action names, so that an approval is for this content and no other.
public interface NamedFiles {
    Seen look(Session session, Action action);

    /// What stands there.
    sealed interface Seen {
        /// @param digest over the names and contents of the files named; empty when it names none
        record Content(String digest) implements Seen {}

        /// Something that an approval could not be held to, such as a link: the action is denied, not asked about.
        ///
        /// @param why completes a sentence for people; it names nothing but what the action itself names
        record Unknown(String why) implements Seen {}
    }

    NamedFiles NONE = (_, _) -> new Seen.Content("");
}
