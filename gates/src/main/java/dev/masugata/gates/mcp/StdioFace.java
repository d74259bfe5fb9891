package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The same gate for a client that only speaks MCP over standard input and output, in any revision (MCP 2026-07-28 and
/// 2025-11-25, Transports, stdio).
public final class StdioFace {
    private final Checkpoint checkpoint;
    private final Dispatch dispatch;
    private final Session session;
    private final Optional<String> only;
    private final String id;
    /// What the client waits for, over all of its requests.
    private final Map<Json, Thread> inFlight = new ConcurrentHashMap<>();
    private volatile Conversation conversation;
    private volatile Consumer<Json.Obj> unheard = _ -> {};
    private volatile @Nullable Thread listener;

    StdioFace(Checkpoint checkpoint, Dispatch dispatch, Session session, Optional<String> only, String id) {
        this.checkpoint = checkpoint;
        this.dispatch = dispatch;
        this.session = session;
        this.only = only;
        this.id = id;
        // Until it says what it speaks: nothing can be asked of it.
        this.conversation = Conversation.legacy(id, session, only, "stdio", Protocol.NEWEST_FIRST.getFirst(),
                Json.EMPTY);
    }

    /// Takes one line. What there is to answer goes to `out`, perhaps later and from another thread.
    public void line(byte[] bytes, Consumer<Json.Obj> out) {
        unheard = out;
        switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(McpGate.MESSAGE_BYTES_MAX))) {
            case JsonRpc.Malformed malformed -> {
                saw("mcp/malformed");
                out.accept(malformed.answer().toJson());
            }
            case JsonRpc.Request request -> request(request, out);
            case JsonRpc.Notification notification -> notification(notification);
            case JsonRpc.Result result -> answer(result.id(), result);
            case JsonRpc.Failure failure -> answer(failure.id() == null ? Json.NULL : failure.id(), failure);
        }
    }

    private void answer(Json to, JsonRpc.Message message) {
        if (!conversation.answered(to, message)) saw("mcp/unasked-answer");
    }

    private void notification(JsonRpc.Notification notification) {
        // In which era it is does not matter to a cancellation, and there is no other in the modern one.
        if (notification.method().equals("notifications/cancelled"))
            notification.params().at("requestId").map(inFlight::get).ifPresent(Thread::interrupt);
        dispatch.take(conversation, notification);
    }

    private void request(JsonRpc.Request request, Consumer<Json.Obj> out) {
        boolean modern = HeaderCheck.isModern(Optional.empty(), request);
        var meta = request.params().object("_meta");
        if (modern && !meta.string(Protocol.VERSION).equals(Optional.of(Protocol.MODERN))) {
            out.accept(HeaderCheck.unsupported(request.id(), meta.string(Protocol.VERSION).orElse("")).toJson());
            return;
        }
        if (modern && !(meta.at(Protocol.CAPABILITIES).orElse(Json.NULL) instanceof Json.Obj)) {
            var why = "`_meta` must hold `" + Protocol.CAPABILITIES + "`";
            out.accept(Protocol.error(request.id(), JsonRpc.INVALID_PARAMS, why).toJson());
            return;
        }
        if (request.method().equals("initialize")) opens(request);
        var with = modern ? Conversation.modern(session, only, "stdio", meta, inFlight) : conversation;
        var full = with.cannotTake(request.id(), checkpoint);
        if (full.isPresent()) {
            out.accept(full.get().toJson());
            return;
        }
        var thread = Thread.ofVirtual().name("mcp stdio").unstarted(() -> {
            try {
                out.accept(dispatch.serve(new Turn(with, request, out::accept, Optional.empty())).toJson());
            } finally {
                with.inFlight().remove(request.id());
            }
        });
        if (with.inFlight().putIfAbsent(request.id(), thread) == null) thread.start();
        else out.accept(Protocol.error(request.id(), JsonRpc.INVALID_REQUEST, "this id is in use").toJson());
    }

    private void opens(JsonRpc.Request request) {
        var opened = Conversation.legacy(
                id, session, only, "stdio", Protocol.agreed(request.params()), request.params().object("capabilities"));
        var before = conversation;
        conversation = opened;
        before.end();
        dispatch.hear(opened);
        dispatch.attend(opened);
        var old = listener;
        if (old != null) old.interrupt();
        listener = Thread.ofVirtual().name("mcp stdio unheard").start(() -> {
            try {
                while (true) unheard.accept(opened.nextUnheard());
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// The client has said all it has to say and waits for what is under way: it gets that, as long as it takes no
    /// longer than this; what is left then is given up.
    public void finish(Duration most) throws InterruptedException {
        long ends = System.nanoTime() + most.toNanos();
        for (var all : java.util.List.of(conversation.inFlight(), inFlight))
            for (var thread : all.values()) {
                var left = Duration.ofNanos(ends - System.nanoTime());
                if (left.isPositive()) thread.join(left);
            }
        end();
    }

    /// The client has gone: what it waits for is given up.
    public void end() {
        conversation.end();
        inFlight.values().forEach(Thread::interrupt);
        var old = listener;
        if (old != null) old.interrupt();
    }

    private void saw(String rule) {
        checkpoint.saw(session, session.agent().id(), new Finding(rule, Severity.LOW, ""));
    }
}
