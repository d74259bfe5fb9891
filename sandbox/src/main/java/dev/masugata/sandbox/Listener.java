package dev.masugata.sandbox;

/// A listening TCP socket inside a session's network, for the gate's server to adopt.
public final class Listener {
    private final int port;
    private final Fd socket;

    Listener(int port, Fd socket) {
        this.port = port;
        this.socket = socket;
    }

    public int port() {
        return port;
    }

    /// The descriptor, non-blocking and listening; from now on the caller closes it. The session closes those that
    /// nobody took. An open one keeps the session's network namespace in memory.
    public int take() {
        return socket.release();
    }

    void close() {
        socket.close();
    }
}
