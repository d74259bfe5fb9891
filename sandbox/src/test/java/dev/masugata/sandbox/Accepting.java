package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What the gate's server does with a listener, in its smallest form: the descriptor alone is enough.
final class Accepting {
    private static final int CONNECTION = UnsafeFiles.O_NONBLOCK | UnsafeFiles.O_CLOEXEC;

    private Accepting() {}

    static void answerOne(Listener listener) {
        var socket = listener.take();
        try {
            if (!UnsafePoller.shared().ready(socket, UnsafePoller.IN).join()) throw new IOException("closed");
            // accept4(2): 288 on x86_64, 242 on aarch64.
            var connection = new UnsafeStream((int) UnsafeKernel.must(Call.ACCEPT4, socket, 0, 0, CONNECTION));
            connection.input().readNBytes(5);
            try (var out = connection.output()) {
                out.write("pong\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            UnsafeKernel.raw(Call.CLOSE, socket, 0, 0, 0, 0, 0);
        }
    }
}
