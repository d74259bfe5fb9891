package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.Reason;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One request of one conversation: message to Action, verdict and answer back to message.
final class Dispatch {
    private static final Set<String> CALL_MEMBERS = Set.of("name", "arguments", "_meta");
    private static final Set<String> LIST_MEMBERS = Set.of("cursor", "_meta");
    /// What a request's `_meta` may carry: none of it has an effect on the server.
    private static final Set<String> META_MEMBERS = Set.of("progressToken", "traceparent", "tracestate", "baggage");

    private final Checkpoint checkpoint;
    private final ToolPins pins;
    private final Upstreams upstreams;
    private final Duration patience;

    /// @param patience how long a held call waits for a person before it is answered
    Dispatch(Checkpoint checkpoint, ToolPins pins, Upstreams upstreams, Duration patience) {
        this.checkpoint = checkpoint;
        this.pins = pins;
        this.upstreams = upstreams;
        this.patience = patience;
    }

    /// Serves a request; the answer is a result or an error, never nothing.
    JsonRpc.Message serve(Conversation conversation, JsonRpc.Request request, Outlet outlet) {
        var method = Methods.of(request.method());
        if (method.isEmpty()) return unknown(conversation, request.id());
        // Not even a server is asked for its tools then.
        if (checkpoint.isStopped(conversation.session().id())) return stopped(conversation, request, method.get());
        var foreign = foreignMeta(request.params());
        if (foreign.isPresent()) return refuseMessage(conversation, request, method.get(), foreign.get());
        return switch (method.get().serve()) {
            case PING -> lifecycle(conversation, request, method.get());
            case LIST_TOOLS -> listTools(conversation, request);
            case CALL_TOOL -> callTool(conversation, request, outlet);
            case NOT_OFFERED -> notOffered(conversation, request, method.get());
            case INITIALIZE -> initialize(conversation, request, method.get());
            case INITIALIZED, CANCELLED ->
                Protocol.error(request.id(), JsonRpc.INVALID_REQUEST, "a notification has no `id`");
        };
    }

    /// Takes a notification. Nothing is answered; what cannot be taken is on record.
    void take(Conversation conversation, JsonRpc.Notification notification) {
        var method = Methods.of(notification.method());
        if (method.isEmpty()) {
            unknown(conversation, Json.NULL);
            return;
        }
        var message = new Action.Message(
                method.get().kind(), target(conversation), notification.method(), notification.params());
        switch (method.get().serve()) {
            case INITIALIZED -> checkpoint.judge(conversation.session(), message, here(conversation), Waiting.NONE);
            case CANCELLED -> {
                checkpoint.judge(conversation.session(), message, here(conversation), Waiting.NONE);
                notification.params().at("requestId").ifPresent(conversation::cancel);
            }
            case NOT_OFFERED, INITIALIZE, PING, LIST_TOOLS, CALL_TOOL ->
                checkpoint.refuse(conversation.session(), message, here(conversation), NOT_OFFERED);
        }
    }

    private JsonRpc.Message stopped(Conversation conversation, JsonRpc.Request request, Methods.Method method) {
        var message = new Action.Message(method.kind(), target(conversation), request.method(), request.params());
        var refusal = checkpoint.refuse(conversation.session(), message, here(conversation), Checkpoint.STOPPED);
        boolean call = method.serve() == Methods.Serve.CALL_TOOL;
        return call ? refusedCall(request, refusal) : Protocol.refused(request.id(), refusal);
    }

    private static final Reason NOT_OFFERED = new Reason("mcp/not-offered", "this gate does not offer that method");

    private JsonRpc.Failure unknown(Conversation conversation, Json id) {
        var session = conversation.session();
        checkpoint.saw(session, session.agent().id(), new Finding("mcp/unknown-method", Severity.LOW, ""));
        return Protocol.error(id, JsonRpc.METHOD_NOT_FOUND, "unknown method");
    }

    private JsonRpc.Message notOffered(Conversation conversation, JsonRpc.Request request, Methods.Method method) {
        var message = new Action.Message(method.kind(), target(conversation), request.method(), request.params());
        var refusal = checkpoint.refuse(conversation.session(), message, here(conversation), NOT_OFFERED);
        return switch (refusal.kind()) {
            case DENIED, HELD -> Protocol.error(request.id(), JsonRpc.METHOD_NOT_FOUND, NOT_OFFERED.text());
            case LIMITED, CLOSED -> Protocol.refused(request.id(), refusal);
        };
    }

    private JsonRpc.Message refuseMessage(
            Conversation conversation, JsonRpc.Request request, Methods.Method method, String why) {
        var message = new Action.Message(method.kind(), target(conversation), request.method(), request.params());
        checkpoint.refuse(conversation.session(), message, here(conversation), new Reason("mcp/invalid-params", why));
        return Protocol.error(request.id(), JsonRpc.INVALID_PARAMS, why);
    }

    private JsonRpc.Message lifecycle(Conversation conversation, JsonRpc.Request request, Methods.Method method) {
        var message = new Action.Message(method.kind(), target(conversation), request.method(), request.params());
        return switch (checkpoint.judge(conversation.session(), message, here(conversation), Waiting.NONE)) {
            case Permit _ -> new JsonRpc.Result(request.id(), Json.EMPTY);
            case Refusal refusal -> Protocol.refused(request.id(), refusal);
        };
    }

    /// Agrees on a revision. What a conversation is and may is not the client's to say, so nothing else is taken over.
    JsonRpc.Message initialize(Conversation conversation, JsonRpc.Request request, Methods.Method method) {
        var judged = lifecycle(conversation, request, method);
        if (!(judged instanceof JsonRpc.Result)) return judged;
        var result = Json.object("protocolVersion", Protocol.agreed(request.params()))
                .with("capabilities", Json.object("tools", Json.EMPTY))
                .with("serverInfo", Json.object("name", "masugata").with("version", "0.1.0"));
        return new JsonRpc.Result(request.id(), result);
    }

    // --- tools/list -------------------------------------------------------------------------------------------

    private JsonRpc.Message listTools(Conversation conversation, JsonRpc.Request request) {
        if (!LIST_MEMBERS.containsAll(request.params().members().keySet()))
            return refuseMessage(conversation, request, kind("tools/list"), "`params` has a member that is not known");
        if (request.params().at("cursor").isPresent())
            return refuseMessage(conversation, request, kind("tools/list"), "there is no such page: `cursor` is not ours");
        var shown = new ArrayList<Json>();
        Optional<Upstream.Failed> failure = Optional.empty();
        var names = conversation.only().map(List::of).orElseGet(() -> upstreams.names(conversation.session()));
        for (var name : names) {
            try {
                var upstream = upstreams.of(conversation.session(), name);
                for (var tool : upstream.list(conversation.address()))
                    if (pins.meet(conversation.session(), tool.qualified(), tool.hash(), tool.whole()).isPresent())
                        shown.add(conversation.only().isPresent() ? tool.whole() : tool.prefixed());
            } catch (Upstream.Failed failed) {
                failure = Optional.of(failed);
            }
        }
        // One server that fails takes nothing from the others; if it was all there is, its failure is the answer.
        if (failure.isPresent() && names.size() == 1) return failed(request.id(), failure.get());
        return new JsonRpc.Result(request.id(), Json.object("tools", new Json.Arr(shown)));
    }

    private static Methods.Method kind(String method) {
        return Methods.of(method).orElseThrow();
    }

    // --- tools/call -------------------------------------------------------------------------------------------

    private JsonRpc.Message callTool(Conversation conversation, JsonRpc.Request request, Outlet outlet) {
        var params = request.params();
        if (!CALL_MEMBERS.containsAll(params.members().keySet()))
            return refuseMessage(conversation, request, kind("tools/call"), "`params` has a member that is not known");
        var named = params.string("name");
        boolean argued = params.at("arguments").map(it -> it instanceof Json.Obj).orElse(true);
        if (named.isEmpty() || !argued)
            return refuseMessage(conversation, request, kind("tools/call"), "`name` must be a string, `arguments` an object");
        var address = Address.of(conversation, named.get(), upstreams.names(conversation.session()));
        if (address.isEmpty()) return noSuchTool(conversation, request);
        try {
            var upstream = upstreams.of(conversation.session(), address.get().server());
            var tool = upstream.tool(address.get().tool(), conversation.address());
            if (tool.isEmpty()) return noSuchTool(conversation, request);
            return callTool(conversation, request, outlet, upstream, tool.get());
        } catch (Upstream.Failed failed) {
            return failed(request.id(), failed);
        }
    }

    private JsonRpc.Message callTool(
            Conversation conversation, JsonRpc.Request request, Outlet outlet, Upstream upstream, ToolDefinition tool)
            throws Upstream.Failed {
        var session = conversation.session();
        var params = tool.name().equals(request.params().string("name").orElse(""))
                ? request.params()
                : request.params().with("name", tool.name());
        var call = new Action.ToolCall(tool.server(), tool.name(), params);
        var pin = pins.meet(session, tool.qualified(), tool.hash(), tool.whole());
        if (pin.isEmpty()) return refusedCall(request, checkpoint.refuse(session, call, here(conversation), notApproved(tool)));
        var wrong = upstreams.arguments(tool).wrong(call.arguments());
        if (wrong.isPresent()) {
            var reason = new Reason("mcp/arguments", "the arguments are not what the tool takes: " + wrong.get());
            return refusedCall(request, checkpoint.refuse(session, call, here(conversation), reason));
        }
        var circumstance = new Circumstance(
                conversation.address(), pin.get().toolClass(), tool.hash(), upstream.server().reviewable());
        return switch (checkpoint.judge(session, call, circumstance, waiting(params, outlet))) {
            case Refusal refusal -> refusedCall(request, refusal);
            case Permit permit -> answer(request, upstream.call(permit, progress(params, outlet)));
        };
    }

    private static Reason notApproved(ToolDefinition tool) {
        return new Reason(
                "mcp/not-approved",
                "tool " + tool.qualified() + " is not approved as it is now; an operator can: masugata tools approve "
                        + tool.qualified());
    }

    private JsonRpc.Message noSuchTool(Conversation conversation, JsonRpc.Request request) {
        var reason = new Reason("mcp/unknown-tool", "there is no such tool");
        var message = new Action.Message(Action.Kind.TOOL_CALL, target(conversation), "tools/call", request.params());
        checkpoint.refuse(conversation.session(), message, here(conversation), reason);
        return Protocol.error(request.id(), JsonRpc.INVALID_PARAMS, "there is no tool of that name");
    }

    private static JsonRpc.Message refusedCall(JsonRpc.Request request, Refusal refusal) {
        return switch (refusal.kind()) {
            case DENIED, HELD -> new JsonRpc.Result(request.id(), Protocol.refusedCall(refusal));
            case LIMITED, CLOSED -> Protocol.refused(request.id(), refusal);
        };
    }

    private static JsonRpc.Message answer(JsonRpc.Request request, Answer answer) {
        return switch (answer) {
            case Answer.Result(var result) -> new JsonRpc.Result(request.id(), result);
            case Answer.Failure(int code, var message, var data) ->
                new JsonRpc.Failure(request.id(), code, message, data instanceof Json.Null ? null : data);
            case Answer.Withheld(var refusal) -> refusedCall(request, refusal);
            case Answer.Broken(var reason) -> Protocol.error(request.id(), Protocol.UPSTREAM, reason);
        };
    }

    private static JsonRpc.Message failed(Json id, Upstream.Failed failed) {
        return failed.refusal()
                .<JsonRpc.Message>map(refusal -> Protocol.refused(id, refusal))
                .orElseGet(() -> Protocol.error(id, Protocol.UPSTREAM, String.valueOf(failed.getMessage())));
    }

    // --- progress ---------------------------------------------------------------------------------------------

    private Waiting waiting(Json.Obj params, Outlet outlet) {
        var token = params.object("_meta").at("progressToken");
        return new Waiting(patience, (approval, waited) -> token.ifPresent(it -> outlet.send(progress(it)
                .toJson()
                .with("params", Json.object("progressToken", it)
                        .with("progress", waited.toSeconds())
                        .with("message", "held for approval " + approval)))));
    }

    private static JsonRpc.Notification progress(Json token) {
        return new JsonRpc.Notification("notifications/progress", Json.object("progressToken", token));
    }

    private static dev.masugata.checkpoint.StdioExit.Unasked progress(Json.Obj params, Outlet outlet) {
        var token = params.object("_meta").at("progressToken");
        return (method, told) -> token.ifPresent(
                it -> outlet.send(new JsonRpc.Notification(method, told.with("progressToken", it)).toJson()));
    }

    // ----------------------------------------------------------------------------------------------------------

    private static Optional<String> foreignMeta(Json.Obj params) {
        var meta = params.at("_meta");
        if (meta.isEmpty()) return Optional.empty();
        if (!(meta.get() instanceof Json.Obj members)) return Optional.of("`_meta` must be an object");
        return members.members().keySet().stream()
                .filter(name -> !META_MEMBERS.contains(name))
                .findFirst()
                .map(name -> "`_meta` has a member whose effect is not known");
    }

    private static String target(Conversation conversation) {
        return conversation.only().orElse("masugata");
    }

    private static Circumstance here(Conversation conversation) {
        return Circumstance.at(conversation.address());
    }

    /// Which server's tool a name means.
    private record Address(String server, String tool) {
        static Optional<Address> of(Conversation conversation, String name, List<String> servers) {
            if (conversation.only().isPresent())
                return Optional.of(new Address(conversation.only().get(), name));
            // Server names have no `_`, so the first `__` ends the server's name.
            int end = name.indexOf("__");
            if (end < 0 || !servers.contains(name.substring(0, end))) return Optional.empty();
            return Optional.of(new Address(name.substring(0, end), name.substring(end + 2)));
        }
    }
}
