package dev.masugata.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A client that sends any bytes, and reads what comes back. A read that lasts longer than ten seconds fails.
final class Raw implements AutoCloseable {
    final Socket socket;
    private final PushbackInputStream in;

    Raw(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new PushbackInputStream(socket.getInputStream());
    }

    /// Sends text, whose characters are bytes.
    Raw send(String latin) throws IOException {
        socket.getOutputStream().write(latin.getBytes(ISO_8859_1));
        return this;
    }

    /// Everything up to the end of the connection.
    String all() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /// Everything up to the end, a reset, or a pause that is longer than the socket's timeout.
    String what() {
        var read = new ByteArrayOutputStream();
        try {
            for (int b; (b = in.read()) >= 0; ) read.write(b);
        } catch (IOException end) {
            // what came before it counts
        }
        return read.toString(ISO_8859_1);
    }

    /// Everything up to and including the text.
    String until(String end) throws IOException {
        var read = new ByteArrayOutputStream();
        while (!read.toString(ISO_8859_1).endsWith(end)) {
            int b = in.read();
            if (b < 0) throw new IOException("the connection ended after: " + read.toString(ISO_8859_1));
            read.write(b);
        }
        return read.toString(ISO_8859_1);
    }

    /// One answer with a Content-Length.
    String answer() throws IOException {
        var head = until("\r\n\r\n");
        var at = head.toLowerCase().indexOf("content-length: ");
        if (at < 0) return head;
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    /// True if something has come, or comes within that time.
    boolean hasAnswer(Duration wait) throws IOException {
        socket.setSoTimeout((int) wait.toMillis());
        try {
            int b = in.read();
            if (b >= 0) in.unread(b);
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    /// True if the other side has closed the connection, in order or not.
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
