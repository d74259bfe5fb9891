package dev.masugata.app.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// One HTTP/1.1 connection that is kept, for one request at a time (RFC 9112). It costs the generator of load little;
/// what answers is a server under test on this machine, so of all that HTTP can say it reads what these say.
final class KeptConnection implements Closeable {
    /// Bytes of one answer's head; longer is a fault of the server under test.
    static final int HEAD_BYTES_MAX = 64 * 1024;

    private static final int TIMEOUT_MILLIS = 60_000;

    /// @param session the `MCP-Session-Id` that it gave, or an empty text
    record Answer(int status, String session, String body) {}

    private final Socket socket;
    private final String head;
    private final InputStream in;
    private byte[] buffer = new byte[HEAD_BYTES_MAX];
    private int from;
    private int to;

    /// @param token   sent as bearer, unless it is empty
    /// @param session sent as `MCP-Session-Id`, unless it is empty
    KeptConnection(URI url, String token, String session) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), TIMEOUT_MILLIS);
        in = socket.getInputStream();
        var text = "POST " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
        if (!token.isEmpty()) text += "Authorization: Bearer " + token + "\r\n";
        if (!session.isEmpty()) text += "MCP-Session-Id: " + session + "\r\nMCP-Protocol-Version: 2025-11-25\r\n";
        head = text + "Content-Length: ";
    }

    /// Sends it and waits for the whole answer.
    Answer post(String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var start = (head + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        var whole = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, whole, start.length, bytes.length);
        socket.getOutputStream().write(whole);
        return answer();
    }

    private Answer answer() throws IOException {
        int end = headEnd();
        var lines = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1).split("\r\n");
        from = end + 4;
        int status = Integer.parseInt(lines[0].substring(9, 12));
        var session = "";
        int length = 0;
        boolean chunked = false;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            var value = lines[i].substring(colon + 1).strip();
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "mcp-session-id" -> session = value;
                default -> {
                    // Nothing that the load depends on.
                }
            }
        }
        return new Answer(status, session, chunked ? chunks() : take(length));
    }

    private int headEnd() throws IOException {
        int at = from;
        while (true) {
            for (; at + 3 < to; at++)
                if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n')
                    return at;
            at -= fill();
        }
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.append(take(size));
            line();
            if (size == 0) return body.toString();
        }
    }

    private String line() throws IOException {
        int at = from;
        while (true) {
            for (; at + 1 < to; at++) {
                if (buffer[at] != '\r' || buffer[at + 1] != '\n') continue;
                var line = new String(buffer, from, at - from, StandardCharsets.ISO_8859_1);
                from = at + 2;
                return line;
            }
            at -= fill();
        }
    }

    private String take(int length) throws IOException {
        while (to - from < length) fill();
        var text = new String(buffer, from, length, StandardCharsets.UTF_8);
        from += length;
        return text;
    }

    /// Reads more, and says by how much what was there has moved towards the front.
    private int fill() throws IOException {
        int moved = from;
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        if (to == buffer.length) buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        int read = in.read(buffer, to, buffer.length - to);
        if (read < 0) throw new EOFException("the server closed the connection in the middle of an answer");
        to += read;
        return moved;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
