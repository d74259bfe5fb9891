package dev.masugata.app.control;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// One connection over `control.sock`, either end.
public final class Link implements AutoCloseable {
    private static final Limits LIMITS = Limits.DEFAULT.withBytes(Frame.BYTES_MAX);

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    Link(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
        this.out = Channels.newOutputStream(channel);
    }

    /// What came.
    public sealed interface Received {
        record Message(Json.Obj json) implements Received {}

        record Input(byte[] bytes) implements Received {}

        record Output(byte[] bytes) implements Received {}

        record Error(byte[] bytes) implements Received {}

        record End(Json.Obj json) implements Received {}
    }

    /// The next piece; empty when the other end has closed.
    public Optional<Received> receive() throws IOException {
        var frame = Frame.read(in);
        if (frame.isEmpty()) return Optional.empty();
        var bytes = frame.get().bytes();
        return Optional.of(
                switch (frame.get().kind()) {
                    case MESSAGE -> new Received.Message(object(bytes));
                    case INPUT -> new Received.Input(bytes);
                    case OUTPUT -> new Received.Output(bytes);
                    case ERROR -> new Received.Error(bytes);
                    case END -> new Received.End(object(bytes));
                });
    }

    private static Json.Obj object(byte[] bytes) throws IOException {
        if (JsonReader.read(bytes, LIMITS) instanceof Json.Obj object) return object;
        throw new IOException("a message must be an object");
    }

    public void message(Json.Obj json) throws IOException {
        send(Frame.Kind.MESSAGE, JsonWriter.bytes(json));
    }

    public void end(Json.Obj json) throws IOException {
        send(Frame.Kind.END, JsonWriter.bytes(json));
    }

    public void input(byte[] bytes) throws IOException {
        send(Frame.Kind.INPUT, bytes);
    }

    public void output(byte[] bytes) throws IOException {
        send(Frame.Kind.OUTPUT, bytes);
    }

    public void error(byte[] bytes) throws IOException {
        send(Frame.Kind.ERROR, bytes);
    }

    private synchronized void send(Frame.Kind kind, byte[] bytes) throws IOException {
        new Frame(kind, bytes).write(out);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            System.getLogger("masugata.control").log(System.Logger.Level.DEBUG, "closing a connection", gone);
        }
    }
}
