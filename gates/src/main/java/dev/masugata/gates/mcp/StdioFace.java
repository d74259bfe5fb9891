package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.Limits;
import java.time.Duration;
import java.util.function.Consumer;

/// The same gate for a client that only speaks MCP over standard input and output (MCP 2025-11-25, Transports, stdio).
public final class StdioFace {
    private final Checkpoint checkpoint;
    private final Dispatch dispatch;
    private final Conversation conversation;

    StdioFace(Checkpoint checkpoint, Dispatch dispatch, Conversation conversation) {
        this.checkpoint = checkpoint;
        this.dispatch = dispatch;
        this.conversation = conversation;
    }

    /// Takes one line. What there is to answer goes to `out`, perhaps later and from another thread.
    public void line(byte[] bytes, Consumer<Json.Obj> out) {
        switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(McpGate.MESSAGE_BYTES_MAX))) {
            case JsonRpc.Malformed malformed -> {
                saw("mcp/malformed");
                out.accept(malformed.answer().toJson());
            }
            case JsonRpc.Request request -> request(request, out);
            case JsonRpc.Notification notification -> dispatch.take(conversation, notification);
            case JsonRpc.Result _, JsonRpc.Failure _ -> saw("mcp/unasked-answer");
        }
    }

    private void request(JsonRpc.Request request, Consumer<Json.Obj> out) {
        var full = conversation.cannotTake(request.id(), checkpoint);
        if (full.isPresent()) {
            out.accept(full.get().toJson());
            return;
        }
        var thread = Thread.ofVirtual().name("mcp stdio").unstarted(() -> {
            try {
                out.accept(dispatch.serve(conversation, request, out::accept).toJson());
            } finally {
                conversation.inFlight().remove(request.id());
            }
        });
        if (conversation.inFlight().putIfAbsent(request.id(), thread) == null) thread.start();
        else out.accept(Protocol.error(request.id(), JsonRpc.INVALID_REQUEST, "this id is in use").toJson());
    }

    /// The client has said all it has to say and waits for what is under way: it gets that, as long as it takes no
    /// longer than this; what is left then is given up.
    public void finish(Duration most) throws InterruptedException {
        long ends = System.nanoTime() + most.toNanos();
        for (var thread : conversation.inFlight().values()) {
            var left = Duration.ofNanos(ends - System.nanoTime());
            if (left.isPositive()) thread.join(left);
        }
        end();
    }

    /// The client has gone: what it waits for is given up.
    public void end() {
        conversation.inFlight().values().forEach(Thread::interrupt);
    }

    private void saw(String rule) {
        var session = conversation.session();
        checkpoint.saw(session, session.agent().id(), new Finding(rule, Severity.LOW, ""));
    }
}
