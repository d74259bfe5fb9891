package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/// What the values of a state were read as, so that one that is asked for again and again is read once.
///
/// It holds one of each key that was asked for, so it is for states whose keys stay few.
final class AsRead<T> {
    private record One<T>(Json.Obj value, T as) {}

    private final ConcurrentHashMap<String, One<T>> known = new ConcurrentHashMap<>();

    /// What the value is read as. A changed value is another object, and is read anew.
    T of(String key, Json.Obj value, BiFunction<String, Json.Obj, T> read) {
        var one = known.get(key);
        // Compared as objects on purpose: equal ones would have to be read through to be known as such.
        if (one != null && one.value() == value) return one.as();
        var as = read.apply(key, value);
        known.put(key, new One<>(value, as));
        return as;
    }
}
