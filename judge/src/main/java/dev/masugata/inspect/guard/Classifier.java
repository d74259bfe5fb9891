package dev.masugata.inspect.guard;

import java.util.Optional;

/// A loaded model that says to which class a row of tokens belongs.
///
/// It is public, and uses nothing of this room, because what implements it is loaded together with a runtime that only
/// the operator has ([OnnxRuntime]).
public interface Classifier extends AutoCloseable {
    /// @param nanos the time it may take, the waiting for others included
    /// @return a logit for each class; nothing if it took longer
    /// @throws IllegalStateException if the model cannot be run on this
    Optional<float[]> logits(long[] ids, long nanos);

    @Override
    void close();
}
