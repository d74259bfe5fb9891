package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Calling;
import dev.masugata.checkpoint.HttpExit;
import dev.masugata.checkpoint.McpExit;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.model.Action;
import dev.masugata.wire.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// That we listen to what one server says on its own account, for as long as somebody of the session wants to hear it:
/// `subscriptions/listen` where it speaks 2026-07-28; before, a stream of its own over HTTP, and `resources/subscribe`
/// for each resource.
final class Attendance implements AutoCloseable {
    /// Resources watched at once.
    static final int WATCHED_MAX = 1_000;
    /// One stream of a modern server; then it is opened anew.
    private static final Duration STREAM_MAX = Duration.ofHours(24);

    private final Upstream upstream;
    private final Map<String, Integer> watched = new TreeMap<>();
    private boolean attended;
    private @Nullable Thread stream;

    Attendance(Upstream upstream) {
        this.upstream = upstream;
    }

    /// Listens from now on.
    synchronized void attend() throws Upstream.Failed {
        if (attended && stream != null && stream.isAlive()) return;
        attended = true;
        upstream.greeting();
        listen();
    }

    /// Watches a resource for one more client.
    ///
    /// @return the server's answer; empty where it already watches
    synchronized Optional<Answer> watch(String uri, String address) throws Upstream.Failed {
        if (watched.containsKey(uri)) {
            watched.merge(uri, 1, Integer::sum);
            return Optional.empty();
        }
        if (watched.size() >= WATCHED_MAX)
            throw new Upstream.Failed("more than " + WATCHED_MAX + " resources are watched", null);
        var greeting = upstream.greeting();
        if (greeting.speech().modern()) {
            watched.put(uri, 1);
            attended = true;
            listen();
            return Optional.empty();
        }
        var answer = told("resources/subscribe", uri, address);
        if (answer instanceof Answer.Result) watched.put(uri, 1);
        attend();
        return Optional.of(answer);
    }

    /// Watches it for one client less.
    synchronized void leave(String uri, String address) throws Upstream.Failed {
        var clients = watched.computeIfPresent(uri, (_, count) -> count > 1 ? count - 1 : null);
        if (clients != null || upstream.isClosed()) return;
        if (upstream.greeting().speech().modern()) listen();
        else told("resources/unsubscribe", uri, address);
    }

    /// The connection is a new one: what was listened to is listened to again.
    void anew() {
        // On a thread of its own and without our lock: who calls this holds the upstream's, which listening needs.
        Thread.ofVirtual().name("listen again").start(() -> {
            try {
                resume();
            } catch (Upstream.Failed gone) {
                // The next use of the server finds out and says so to who uses it.
                System.getLogger("masugata.mcp").log(System.Logger.Level.DEBUG, "cannot listen again", gone);
            }
        });
    }

    private synchronized void resume() throws Upstream.Failed {
        // A server with a handshake may ask on that stream what belongs to a call.
        boolean asks = !upstream.greeting().speech().modern();
        if (!attended && watched.isEmpty() && !asks) return;
        var old = stream;
        stream = null;
        if (old != null) old.interrupt();
        if (!upstream.greeting().speech().modern())
            for (var uri : watched.keySet()) told("resources/subscribe", uri, "gate");
        listen();
    }

    private Answer told(String method, String uri, String address) throws Upstream.Failed {
        var server = upstream.server();
        var message = new Action.Message(Action.Kind.SUBSCRIBE, server.name(), method, Json.object("uri", uri));
        var verdict = upstream.checkpoint().judge(upstream.session(), message, upstream.at(address), Waiting.NONE);
        return switch (verdict) {
            case Refusal refusal -> throw new Upstream.Failed(refusal.text(), refusal);
            case Permit permit -> upstream.call(permit, Calling.quiet(server.timeout()));
        };
    }

    private void listen() throws Upstream.Failed {
        var connected = upstream.connected();
        if (connected.isEmpty()) return;
        var exit = connected.get();
        var old = stream;
        if (upstream.greeting().speech().modern()) {
            if (old != null) old.interrupt();
            stream = Thread.ofVirtual().name("listen to " + upstream.server().name()).start(() -> modern(exit));
        } else if (exit instanceof HttpExit http && (old == null || !old.isAlive())) {
            stream = Thread.ofVirtual().name("listen to " + upstream.server().name()).start(http::listen);
        }
    }

    private void modern(McpExit exit) {
        while (exit.broken().isEmpty() && !upstream.isClosed() && !Thread.currentThread().isInterrupted()) {
            long began = System.nanoTime();
            var params = Json.object("notifications", filter());
            var message = new Action.Message(
                    Action.Kind.SUBSCRIBE, upstream.server().name(), "subscriptions/listen", params);
            var verdict = upstream.checkpoint().judge(
                    upstream.session(), message, upstream.at("gate"), Waiting.NONE);
            if (!(verdict instanceof Permit permit)) return;
            exit.call(permit, new Calling(STREAM_MAX, Json.EMPTY, Optional.empty(), Map.of(), upstream.listening()));
            // A server that ends its stream at once does not want to be listened to.
            if (System.nanoTime() - began < Duration.ofSeconds(5).toNanos()) return;
        }
    }

    private synchronized Json.Obj filter() {
        return Json.object("toolsListChanged", Json.TRUE)
                .with("promptsListChanged", Json.TRUE)
                .with("resourcesListChanged", Json.TRUE)
                .with("resourceSubscriptions", Json.strings(watched.keySet()));
    }

    @Override
    public synchronized void close() {
        var old = stream;
        if (old != null) old.interrupt();
        watched.clear();
        attended = false;
    }
}
