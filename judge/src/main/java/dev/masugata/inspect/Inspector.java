package dev.masugata.inspect;

import dev.masugata.model.Action;

/// Looks at an action and says what it saw. It may not change anything, and it may be stopped when it takes too long.
public interface Inspector {
    Inspection inspect(Action action);
}
