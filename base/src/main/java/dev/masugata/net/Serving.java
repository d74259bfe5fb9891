package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request being answered: the handler's thread on one side, the connection on the other.
final class Serving implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.masugata.net");
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /// Bodies up to this size leave with their head in one write.
    private static final int SMALL = 64 * 1024;

    private final ServerConnection connection;
    private final Channel channel;
    private final Handler handler;
    private final ServerLimits limits;
    private final boolean http10;
    private final boolean keepAlive;
    final Inflow inflow;
    final Request request;

    private volatile @Nullable Outlet outlet;
    private final List<Runnable> whenGone = new ArrayList<>();
    private boolean awaitsWelcome;
    private boolean gone;
    private boolean done;

    Serving(
            ServerConnection connection, Server server, HeadFacts head, Peer peer,
            Optional<Opening.Inspected> opening) {
        this.connection = connection;
        this.channel = connection.channel();
        this.handler = server.handler;
        this.limits = server.options.limits();
        this.http10 = head.http10();
        this.keepAlive = !http10 && !head.headers().hasToken("connection", "close");
        this.awaitsWelcome = !http10 && head.headers().has("expect");
        this.inflow = new Inflow(
                limits.pace(),
                limits.bodyBytes(),
                channel::read,
                why -> new RequestFault(413, why),
                why -> new RequestFault(408, why));
        var body = new Body(head.length(), inflow, why -> new RequestFault(413, why), this::welcomeBody);
        this.request = new Request(head.method(), head.target(), head.host(), head.headers(), body, peer, opening,
                this);
    }

    @Override
    public void run() {
        try {
            send(answer());
        } catch (ClientGone e) {
            cut();
        } catch (Throwable e) {
            if (isGone()) return;
            // The head may have left: breaking the connection is the one honest answer.
            LOG.log(Level.ERROR, "an answer to " + request + " broke off", e);
            cut();
        }
    }

    private Response answer() throws ClientGone {
        try {
            return Objects.requireNonNull(handler.handle(request), "a handler answered nothing");
        } catch (ClientGone e) {
            throw e;
        } catch (RequestFault e) {
            return Response.text(e.status(), e.getMessage() + "\n");
        } catch (Throwable e) {
            if (isGone()) throw new ClientGone(); // whatever else failed because of it
            LOG.log(Level.ERROR, "a handler failed at " + request, e);
            return Response.text(500, "internal error\n");
        }
    }

    private void send(Response response) throws Exception {
        boolean last = !keepAlive || !inflow.hasEnded() || connection.isDraining();
        int status = response.status();
        boolean noBody = status == 204 || status == 304;
        var head = channel.alloc().buffer(512);
        HeadWriter.response(head, status, response.headers());
        if (last) HeadWriter.field(head, "connection", "close");
        boolean silent = noBody || request.method().equals("HEAD");
        switch (response.content()) {
            case Content.Bytes(var bytes) -> {
                if (!noBody) HeadWriter.field(head, "content-length", Integer.toString(bytes.length));
                HeadWriter.end(head);
                if (silent) finish(head, last);
                else if (bytes.length <= SMALL) finish(head.writeBytes(bytes), last);
                else stream(head, OptionalLong.of(bytes.length), null, out -> out.write(bytes), last);
            }
            case Content.Stream(var length, var pulse, var writer) -> {
                if (length.isPresent() && !noBody)
                    HeadWriter.field(head, "content-length", Long.toString(length.getAsLong()));
                else if (!http10 && !noBody) HeadWriter.field(head, "transfer-encoding", "chunked");
                HeadWriter.end(head);
                if (silent) finish(head, last);
                else stream(head, length, pulse.orElse(null), writer, last);
            }
        }
    }

    private void finish(ByteBuf whole, boolean last) {
        synchronized (this) {
            awaitsWelcome = false;
        }
        channel.eventLoop().execute(() -> connection.finish(channel.writeAndFlush(whole), last));
    }

    private void stream(
            ByteBuf head, OptionalLong length, Content.@Nullable Pulse pulse, Content.Writer writer, boolean last)
            throws Exception {
        var out = new Outlet(channel, !http10, length, limits.stall(), why -> new ClientGone());
        outlet = out;
        if (isGone()) out.wake(true);
        welcomeBody(); // the writer may want to read it
        channel.write(head);
        var beat = pulse == null
                ? null
                : channel.eventLoop()
                        .scheduleAtFixedRate(
                                () -> out.pulse(pulse.bytes(), pulse.every().toNanos() / 2),
                                pulse.every().toNanos(),
                                pulse.every().toNanos(),
                                TimeUnit.NANOSECONDS);
        try {
            writer.write(out);
        } finally {
            if (beat != null) beat.cancel(false);
        }
        var sent = out.finish();
        channel.eventLoop().execute(() -> connection.finish(sent, last));
    }

    /// Invites the body, once, and never behind the head of the answer.
    private void welcomeBody() {
        synchronized (this) {
            if (!awaitsWelcome) return;
            awaitsWelcome = false;
        }
        if (!inflow.hasEnded())
            channel.writeAndFlush(channel.alloc().buffer(CONTINUE.length).writeBytes(CONTINUE));
    }

    void writable() {
        Outlet.wake(outlet, false);
    }

    synchronized boolean isGone() {
        return gone;
    }

    void cut() {
        Cut.now(channel);
    }

    void onGone(Runnable action) {
        synchronized (this) {
            if (!gone) {
                if (!done) whenGone.add(action);
                return;
            }
        }
        Thread.startVirtualThread(action);
    }

    /// The answer has left: who goes now goes in peace.
    synchronized void done() {
        done = true;
        whenGone.clear();
    }

    /// The connection has closed under the request.
    void gone() {
        List<Runnable> actions;
        synchronized (this) {
            if (done || gone) return;
            gone = true;
            actions = List.copyOf(whenGone);
            whenGone.clear();
        }
        inflow.fail(new ClientGone());
        Outlet.wake(outlet, true);
        for (var action : actions) Thread.startVirtualThread(action);
    }
}
