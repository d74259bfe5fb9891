package dev.masugata.net;

import java.io.IOException;

/// The client closed the connection (or only its own direction of it: the two cannot be told apart in time), or it was
/// cut; nobody waits for the answer any more.
public final class ClientGone extends IOException {
    ClientGone() {
        super("the client has gone");
    }
}
