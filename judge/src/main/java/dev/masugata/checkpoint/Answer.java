package dev.masugata.checkpoint;

import dev.masugata.wire.Json;

/// How a call at an exit ended. Only what was judged on the way in is in it.
public sealed interface Answer {
    /// The target's result.
    record Result(Json.Obj result) implements Answer {}

    /// The target's error, as its protocol says it.
    record Failure(int code, String message, Json data) implements Answer {}

    /// It came, and it may not be shown.
    record Withheld(Refusal refusal) implements Answer {}

    /// It did not come: the target died, was silent too long, was stopped, or spoke nonsense. For the caller to read.
    record Broken(String reason) implements Answer {}

    /// The target did not take our credential, or there is none to be had: no other way of asking helps.
    record Unauthorized(String reason) implements Answer {}

    /// The target no longer knows the connection and said so before it did anything: made anew, the call may be judged
    /// and sent again.
    record Expired(String reason) implements Answer {}
}
