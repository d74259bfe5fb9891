package dev.masugata.checkpoint;

import dev.masugata.wire.Json;

/// What a server sends on its own account, belonging to no call: a notification, already judged.
public interface Unasked {
    void notification(String method, Json.Obj params);
}
