package dev.masugata.app.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A real listener that keeps what it gets.
final class Attacker implements AutoCloseable {
    private static final int BYTES_MAX = 4096;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> got = new CopyOnWriteArrayList<>();

    Attacker() throws IOException {
        Thread.ofVirtual().name("attacker").start(this::listen);
    }

    int port() {
        return listening.getLocalPort();
    }

    String got() {
        return got.isEmpty() ? "nothing" : String.join(", ", got);
    }

    void forget() {
        got.clear();
    }

    private void listen() {
        while (!listening.isClosed()) {
            try (var victim = listening.accept()) {
                got.add(new String(victim.getInputStream().readNBytes(BYTES_MAX), StandardCharsets.UTF_8));
            } catch (IOException closed) {
                System.getLogger("masugata.demo").log(System.Logger.Level.DEBUG, "the listener ended", closed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
