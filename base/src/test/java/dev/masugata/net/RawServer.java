package dev.masugata.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers with any bytes; each connection runs the script on a thread of its own.
final class RawServer implements AutoCloseable {
    interface Script {
        void run(Connection connection) throws Exception;
    }

    final AtomicInteger connections = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    RawServer(Script script) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(() -> accept(script));
    }

    private void accept(Script script) {
        try {
            for (; ; ) {
                var socket = listener.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.startVirtualThread(() -> {
                    try (socket) {
                        script.run(new Connection(socket));
                    } catch (Exception ended) {
                        // the other side's end is what the tests look at
                    }
                });
            }
        } catch (IOException closed) {
            // by the test
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) socket.close();
    }

    final class Connection {
        final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        /// Reads the head of a request, and its body if that has a Content-Length.
        String request() throws IOException {
            var in = socket.getInputStream();
            var bytes = new ByteArrayOutputStream();
            while (!bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) throw new IOException("closed");
                bytes.write(b);
            }
            var head = bytes.toString(ISO_8859_1);
            requests.add(head);
            int at = head.indexOf("content-length: ");
            if (at < 0) return head;
            return head
                    + new String(
                            in.readNBytes(Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)))),
                            ISO_8859_1);
        }

        void send(String latin) throws IOException {
            socket.getOutputStream().write(latin.getBytes(ISO_8859_1));
        }

        /// Blocks until the other side has closed.
        void awaitEnd() throws IOException {
            while (socket.getInputStream().read() >= 0) {}
        }
    }
}
