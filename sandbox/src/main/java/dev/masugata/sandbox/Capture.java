package dev.masugata.sandbox;

import java.util.ArrayList;
import java.util.List;

/// Sockets of a session's network that take what no program of it sends to the gate by itself: listening ones for every
/// TCP connection, bound ones for every question to a name server. Where a connection was meant to go, the kernel tells
/// (`SO_ORIGINAL_DST`).
public final class Capture {
    /// Where captured connections come in, on the session's loopback.
    static final int PORT = 15_001;
    /// Where name servers listen.
    static final int NAMES = 53;

    private final List<Fd> connections;
    private final List<Fd> questions;

    Capture(List<Fd> connections, List<Fd> questions) {
        this.connections = List.copyOf(connections);
        this.questions = List.copyOf(questions);
    }

    /// Descriptors of listening TCP sockets, non-blocking; from now on the caller closes them.
    public List<Integer> takeConnections() {
        return taken(connections);
    }

    /// Descriptors of bound UDP sockets, non-blocking; from now on the caller closes them.
    public List<Integer> takeQuestions() {
        return taken(questions);
    }

    private static List<Integer> taken(List<Fd> sockets) {
        var numbers = new ArrayList<Integer>();
        for (var socket : sockets) numbers.add(socket.release());
        return numbers;
    }

    void close() {
        connections.forEach(Fd::close);
        questions.forEach(Fd::close);
    }
}
