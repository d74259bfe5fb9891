package dev.masugata.checkpoint;

import dev.masugata.wire.Json;

/// What became of something that came back.
sealed interface Delivered {
    /// May be shown; `message` may be less than what came.
    record Passed(Json.Obj message) implements Delivered {}

    record Withheld(Refusal refusal) implements Delivered {}
}
