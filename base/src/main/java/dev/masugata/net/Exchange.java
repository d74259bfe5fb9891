package dev.masugata.net;

import dev.masugata.net.UpstreamFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One call to the outside: a request and its answer. [#cancel] and [#close] work from any thread at any time; all else
/// belongs to the thread that sends.
public final class Exchange implements AutoCloseable {
    /// Bodies up to this size leave with their head in one write.
    private static final int SMALL = 64 * 1024;

    private record Head(
            int status, Headers headers, @Nullable Body body) {}

    /// The connection was closed before the first byte.
    private static final Head NOT_SENT = new Head(0, Headers.EMPTY, null);

    private final Upstream upstream;
    private final OutRequest request;
    private final Timeouts timeouts;
    private volatile CompletableFuture<Head> head = new CompletableFuture<>();
    final Inflow inflow;

    private @Nullable Channel channel;
    private @Nullable Runnable stopOpening;
    private @Nullable Head coming;
    private @Nullable UpstreamFault over;
    private List<String> keepAlive = List.of();
    private boolean begun;
    private boolean sent;
    private boolean completed;
    private volatile boolean written;
    private volatile @Nullable Outlet outlet;

    Exchange(Upstream upstream, OutRequest request) {
        this.upstream = upstream;
        this.request = request;
        this.timeouts = request.timeouts().orElse(upstream.options.timeouts());
        this.inflow = new Inflow(
                new Pace(timeouts.stall(), timeouts.stall(), 0),
                upstream.options.bodyBytes(),
                this::readOn,
                why -> fail(Kind.TOO_LARGE, why, null),
                why -> fail(Kind.TIMEOUT, why, null));
    }

    /// Sends the request and waits for the head of the answer.
    ///
    /// @return itself
    /// @throws UpstreamFault when there is no answer
    public Exchange send() throws IOException {
        synchronized (this) {
            if (begun) throw new IllegalStateException("an exchange is sent once");
            begun = true;
        }
        try {
            long deadline = System.nanoTime() + timeouts.connect().toNanos();
            // Another connection is tried only while nothing was sent.
            while (attempt(deadline) == NOT_SENT) detach();
            return this;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UpstreamFault fault
                    ? fault
                    : fail(Kind.BROKEN, "the call failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fail(Kind.CANCELLED, "interrupted while waiting for an answer", e);
        } catch (UpstreamFault fault) {
            end(fault);
            throw fault;
        }
    }

    private Head attempt(long deadline) throws UpstreamFault, ExecutionException, InterruptedException {
        var key = new Pool.Key(request.destination(), request.pool());
        var connection = upstream.pool.take(key, this, deadline);
        if (connection == null) connection = dial(key, deadline);
        else recheck(connection);
        if (!attach(connection)) {
            connection.close();
            throwIfOver();
        }
        connection.start(this, bytes(connection.channel()));
        return head
                .get(); // the connection watches the time: a virtual thread that waits without a timer is far cheaper
    }

    private UpstreamConnection dial(Pool.Key key, long deadline) throws UpstreamFault {
        UpstreamConnection connection = null;
        try {
            connection = new Dial(upstream, this, key, deadline).open();
        } finally {
            if (connection == null) upstream.pool.notDialed(key);
        }
        upstream.pool.dialed(connection);
        return connection;
    }

    private void recheck(UpstreamConnection connection) throws UpstreamFault {
        try {
            Dial.check(upstream.guard, connection.remote());
        } catch (UpstreamFault refused) {
            connection.close();
            throw refused;
        }
    }

    private List<ByteBuf> bytes(Channel channel) {
        var out = channel.alloc().buffer(512);
        HeadWriter.request(
                out,
                request.method(),
                request.target(),
                Headers.of("host", request.destination().authority()));
        for (var field : request.headers()) HeadWriter.field(out, field.name(), field.value());
        var all = new ArrayList<ByteBuf>(2);
        all.add(out);
        switch (request.content()) {
            case Content.Bytes(var bytes) -> {
                boolean bare = bytes.length == 0
                        && (request.method().equals("GET") || request.method().equals("HEAD"));
                if (!bare) HeadWriter.field(out, "content-length", Integer.toString(bytes.length));
                HeadWriter.end(out);
                if (bytes.length <= SMALL) out.writeBytes(bytes);
                else all.add(Unpooled.wrappedBuffer(bytes));
            }
            case Content.Stream(var length, _, _) -> {
                if (length.isPresent()) HeadWriter.field(out, "content-length", Long.toString(length.getAsLong()));
                else HeadWriter.field(out, "transfer-encoding", "chunked");
                HeadWriter.end(out);
            }
        }
        return all;
    }

    public int status() {
        return arrived().status();
    }

    /// All headers of the answer; pass on [Headers#endToEnd].
    public Headers headers() {
        return arrived().headers();
    }

    public Body body() {
        return Objects.requireNonNull(arrived().body());
    }

    private Head arrived() {
        if (!head.isDone() || head.isCompletedExceptionally())
            throw new IllegalStateException("there is no answer yet");
        return head.join();
    }

    /// Ends the call now; its connection is cut, and whoever waits for it gets [UpstreamFault.Kind#CANCELLED].
    public void cancel() {
        fail(Kind.CANCELLED, "the call was cancelled", null);
    }

    /// Lets go of the call: cancels it unless the answer has come to its end.
    @Override
    public void close() {
        cancel();
    }

    // What follows is called by the connection, on its event loop, or by a thread that gives up.

    String method() {
        return request.method();
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /// The head of the request is on its way; or the connection was closed before, and another may be tried.
    void started(Channel on, boolean sent) {
        if (!sent) head.complete(NOT_SENT);
        else if (request.content() instanceof Content.Stream(var length, _, var writer))
            stream(on, length, writer);
    }

    /// A body that is written piece by piece has a thread of its own: the answer may come before its end.
    private void stream(Channel on, OptionalLong length, Content.Writer writer) {
        var out = new Outlet(on, true, length, timeouts.stall(), why -> fail(Kind.BROKEN, why, null));
        outlet = out;
        synchronized (this) {
            if (over != null) out.wake(true);
        }
        Thread.startVirtualThread(() -> {
            try {
                writer.write(out);
                out.finish().addListener(left -> written = left.isSuccess());
            } catch (UpstreamFault known) {
                fail(known.kind(), String.valueOf(known.getMessage()), known);
            } catch (Throwable e) {
                fail(Kind.WRITER, "the body of the request could not be written", e);
            }
        });
    }

    void head(int status, Headers headers, OptionalLong length) {
        if (length.orElse(0) > upstream.options.bodyBytes()) {
            fail(Kind.TOO_LARGE, "the answer has more than " + upstream.options.bodyBytes() + " bytes", null);
            return;
        }
        keepAlive = headers.all("keep-alive");
        coming = new Head(status, headers, new Body(length, inflow, why -> fail(Kind.TOO_LARGE, why, null), () -> {}));
    }

    /// All that came along with the head is there: the sender is woken once for both.
    void publish() {
        var it = coming;
        if (it == null) return;
        coming = null;
        head.complete(it);
    }

    /// What `Keep-Alive: timeout=` of the answer says.
    OptionalLong keepAliveSeconds() {
        for (var value : keepAlive)
            for (var part : value.split(",")) {
                var word = part.strip();
                boolean timeout =
                        word.startsWith("timeout=") && word.length() <= 14 && Tokens.isDigits(word.substring(8));
                if (timeout) return OptionalLong.of(Long.parseLong(word.substring(8)));
            }
        return OptionalLong.empty();
    }

    void writable() {
        Outlet.wake(outlet, false);
    }

    /// What [UpstreamConnection#start] took has left: the whole request, unless its body is written piece by piece.
    void startLeft() {
        if (request.content() instanceof Content.Bytes) written = true;
    }

    boolean isWritten() {
        return written;
    }

    /// The answer has come to its end: the connection is not ours any more.
    synchronized void release() {
        completed = true;
        channel = null;
    }

    /// ... and what of it was not read yet stays readable.
    void completed() {
        inflow.end();
        publish();
        Outlet.wake(outlet, true);
    }

    UpstreamFault fail(Kind kind, String what, @Nullable Throwable cause) {
        UpstreamFault fault;
        synchronized (this) {
            fault = new UpstreamFault(kind, sent, what, cause);
        }
        return end(fault);
    }

    /// The first end counts; the fault that counts.
    private UpstreamFault end(UpstreamFault fault) {
        Channel open;
        Runnable opening;
        synchronized (this) {
            if (completed) return fault;
            if (over != null) return over;
            over = fault;
            open = channel;
            opening = stopOpening;
            channel = null;
            stopOpening = null;
        }
        if (opening != null) opening.run();
        head.completeExceptionally(fault);
        inflow.fail(fault);
        if (open != null) Cut.now(open);
        Outlet.wake(outlet, true);
        upstream.pool.wake();
        return fault;
    }

    void throwIfOver() throws UpstreamFault {
        synchronized (this) {
            if (over != null) throw over;
        }
    }

    /// A name is being looked up or a connection opened for this exchange: cancelling ends that.
    void during(Runnable stop) {
        synchronized (this) {
            if (over == null) {
                stopOpening = stop;
                return;
            }
        }
        stop.run();
    }

    private boolean attach(UpstreamConnection connection) {
        synchronized (this) {
            if (over != null) return false;
            channel = connection.channel();
            stopOpening = null;
            sent = true;
        }
        return true;
    }

    private synchronized void detach() throws UpstreamFault {
        channel = null;
        sent = false;
        if (over != null) throw over;
        head = new CompletableFuture<>();
    }

    private void readOn() {
        Channel open;
        synchronized (this) {
            open = channel;
        }
        if (open != null) open.read();
    }
}
