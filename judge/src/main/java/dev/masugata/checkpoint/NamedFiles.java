package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Session;

/// Knows what stands in the files that an action names, so that an approval is for this content and no other.
public interface NamedFiles {
    /// Digest over the names and contents of the files named; empty when it names none.
    String digest(Session session, Action action);

    NamedFiles NONE = (_, _) -> "";
}
