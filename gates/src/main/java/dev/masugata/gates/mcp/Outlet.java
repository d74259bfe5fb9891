package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;

/// Where messages go to a client while its request is being served. Throws when the client has gone.
interface Outlet {
    void send(Json.Obj message);

    Outlet NONE = _ -> {};
}
