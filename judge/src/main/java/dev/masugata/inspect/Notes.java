package dev.masugata.inspect;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the scanners of one reading work out once for all of them: the commands in it, its numbers.
public final class Notes {
    private final Map<Class<?>, Object> known = new HashMap<>();

    /// The note of this kind; made if nobody has asked for it yet.
    <T> T of(Class<T> kind, Supplier<T> made) {
        var there = known.get(kind);
        if (there == null) known.put(kind, there = made.get());
        return kind.cast(there);
    }
}
