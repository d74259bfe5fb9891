package dev.masugata.gates.mcp;

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
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One request of one conversation: message to Action, verdict and answer back to message.
final class Dispatch {
    /// What a request's `_meta` may carry: none of it has an effect on the server, or the exit says it itself.
    private static final Set<String> META_MEMBERS = Set.of(
            "progressToken", "traceparent", "tracestate", "baggage", Protocol.VERSION, Protocol.CAPABILITIES,
            Protocol.PREFIX + "clientInfo", Protocol.LOG_LEVEL);

    private final Checkpoint checkpoint;
    private final ToolPins pins;
    private final Upstreams upstreams;
    private final Lists lists;
    private final Calls calls;
    private final Listening listening;

    Dispatch(Checkpoint checkpoint, ToolPins pins, Upstreams upstreams, Calls calls) {
        this.checkpoint = checkpoint;
        this.pins = pins;
        this.upstreams = upstreams;
        this.lists = new Lists(upstreams, pins);
        this.calls = calls;
        this.listening = new Listening(upstreams);
    }

    private static final System.Logger LOG = System.getLogger("masugata.mcp");

    /// Serves a request; the answer is a result or an error, never nothing.
    JsonRpc.Message serve(Turn turn) {
        try {
            return served(turn);
        } catch (UncheckedIOException gone) {
            throw gone;
        } catch (RuntimeException broken) {
            // The cause is for the operator; told to the agent, it would teach the attacker.
            LOG.log(System.Logger.Level.ERROR, "`" + turn.request().method() + "` could not be served", broken);
            return Protocol.error(turn.id(), JsonRpc.INTERNAL_ERROR, "could not be served");
        }
    }

    private JsonRpc.Message served(Turn turn) {
        var method = Methods.of(turn.request().method(), turn.isModern()).filter(it -> !it.notification());
        if (method.isEmpty()) return unknown(turn.with(), turn.id());
        // Not even a server is asked for its tools then.
        if (checkpoint.isStopped(turn.session().id())) return stopped(turn, method.get());
        var foreign = foreign(turn, method.get());
        if (foreign.isPresent()) return refuseMessage(turn, foreign.get());
        try {
            return switch (method.get().serve()) {
                case PING -> lifecycle(turn, Json.EMPTY);
                case DISCOVER -> lifecycle(turn, discovery(turn.with()));
                case LIST -> list(turn);
                case CALL_TOOL -> callTool(turn);
                case GET_PROMPT -> getPrompt(turn);
                case READ_RESOURCE -> readResource(turn);
                case COMPLETE -> complete(turn);
                case SUBSCRIBE -> subscribe(turn);
                case UNSUBSCRIBE -> unsubscribe(turn);
                case LISTEN -> listen(turn);
                case SET_LEVEL -> setLevel(turn);
                case NOT_OFFERED -> notOffered(turn);
                case INITIALIZE -> initialize(turn);
                case INITIALIZED, CANCELLED, ROOTS_CHANGED ->
                    Protocol.error(turn.id(), JsonRpc.INVALID_REQUEST, "a notification has no `id`");
            };
        } catch (Upstream.Barred barred) {
            return barred(turn, barred.why());
        } catch (Upstream.Failed failed) {
            return Protocol.failed(turn.id(), failed);
        }
    }

    /// Takes a notification. Nothing is answered; what cannot be taken is on record.
    void take(Conversation conversation, JsonRpc.Notification notification) {
        var method = Methods.of(notification.method(), conversation.isModern());
        if (method.isEmpty()) {
            unknown(conversation, Json.NULL);
            return;
        }
        var message = new Action.Message(
                method.get().kind(), target(conversation), notification.method(), notification.params());
        switch (method.get().serve()) {
            case INITIALIZED, ROOTS_CHANGED ->
                checkpoint.judge(conversation.session(), message, here(conversation), Waiting.NONE);
            case CANCELLED -> {
                checkpoint.judge(conversation.session(), message, here(conversation), Waiting.NONE);
                notification.params().at("requestId").ifPresent(conversation::cancel);
            }
            default -> checkpoint.refuse(conversation.session(), message, here(conversation), NOT_OFFERED);
        }
    }

    // --- refused ----------------------------------------------------------------------------------------------------

    private static final Reason NOT_OFFERED = new Reason("mcp/not-offered", "this gate does not offer that method");

    private JsonRpc.Message stopped(Turn turn, Methods.Method method) {
        var refusal = checkpoint.refuse(turn.session(), turn.asMessage(), turn.here(), Checkpoint.STOPPED);
        boolean call = method.serve() == Methods.Serve.CALL_TOOL;
        return call ? Calls.refusedTool(turn, refusal) : Protocol.refused(turn.id(), refusal);
    }

    /// Asked of a server that is not for this caller: refused as what it is, with its tool or resource by name.
    private JsonRpc.Message barred(Turn turn, Reason why) {
        var name = turn.params().string("name");
        var place = name.isPresent()
                ? naming(turn).named(name.get(), names(turn))
                : turn.params().string("uri").flatMap(it -> naming(turn).located(it, names(turn)));
        boolean call = turn.request().method().equals("tools/call") && place.isPresent();
        var server = place.map(Naming.Place::server).or(turn.with()::only).orElse("masugata");
        var action = call
                ? new Action.ToolCall(server, place.get().name(), addressed(turn, "name", place.get().name()))
                : new Action.Message(Methods.kind(turn.request().method()), server, turn.request().method(),
                        turn.params());
        var refusal = checkpoint.refuse(turn.session(), action, turn.here(), why);
        return call ? Calls.refusedTool(turn, refusal) : Protocol.refused(turn.id(), refusal);
    }

    private JsonRpc.Failure unknown(Conversation conversation, Json id) {
        var session = conversation.session();
        checkpoint.saw(session, session.agent().id(), new Finding("mcp/unknown-method", Severity.LOW, ""));
        return Protocol.error(id, JsonRpc.METHOD_NOT_FOUND, "unknown method");
    }

    private JsonRpc.Message notOffered(Turn turn) {
        var refusal = checkpoint.refuse(turn.session(), turn.asMessage(), turn.here(), NOT_OFFERED);
        return switch (refusal.kind()) {
            case DENIED, HELD -> Protocol.error(turn.id(), JsonRpc.METHOD_NOT_FOUND, NOT_OFFERED.text());
            case LIMITED, CLOSED -> Protocol.refused(turn.id(), refusal);
        };
    }

    private JsonRpc.Message refuseMessage(Turn turn, String why) {
        checkpoint.refuse(turn.session(), turn.asMessage(), turn.here(), new Reason("mcp/invalid-params", why));
        return Protocol.error(turn.id(), JsonRpc.INVALID_PARAMS, why);
    }

    /// What of a request has an effect that nobody knows.
    private static Optional<String> foreign(Turn turn, Methods.Method method) {
        // What it says goes nowhere.
        if (method.serve() == Methods.Serve.PING) return Optional.empty();
        for (var name : turn.params().members().keySet())
            if (!name.equals("_meta") && !method.members().contains(name))
                return Optional.of("`params` has a member that is not known");
        var meta = turn.params().at("_meta");
        if (meta.isEmpty()) return Optional.empty();
        if (!(meta.get() instanceof Json.Obj members)) return Optional.of("`_meta` must be an object");
        return members.members().keySet().stream()
                .filter(name -> !META_MEMBERS.contains(name))
                .findFirst()
                .map(_ -> "`_meta` has a member whose effect is not known");
    }

    // --- the connection ---------------------------------------------------------------------------------------------

    private JsonRpc.Message lifecycle(Turn turn, Json.Obj result) {
        return switch (checkpoint.judge(turn.session(), turn.asMessage(), turn.here(), Waiting.NONE)) {
            case Permit _ -> new JsonRpc.Result(turn.id(), result);
            case Refusal refusal -> Protocol.refused(turn.id(), refusal);
        };
    }

    /// Agrees on a revision. What a conversation is and may is not the client's to say.
    private JsonRpc.Message initialize(Turn turn) {
        var result = Json.object("protocolVersion", Protocol.agreed(turn.params()))
                .with("capabilities", capabilities(turn.with()))
                .with("serverInfo", Protocol.SERVER);
        return lifecycle(turn, instructed(turn.with(), result));
    }

    /// How long what we say of ourselves is so: servers may come and go.
    private static final long DISCOVERY_MILLIS = 0;

    private Json.Obj discovery(Conversation with) {
        var versions = new java.util.ArrayList<String>();
        versions.add(Protocol.MODERN);
        versions.addAll(Protocol.NEWEST_FIRST);
        var result = Json.object("supportedVersions", Json.strings(versions)).with("capabilities", capabilities(with));
        return Protocol.complete(instructed(with, result), DISCOVERY_MILLIS);
    }

    private static final Json.Obj CHANGES = Json.object("listChanged", Json.TRUE);
    private static final Json.Obj ALL_CAPABILITIES = Json.object("tools", CHANGES)
            .with("prompts", CHANGES)
            .with("resources", CHANGES.with("subscribe", Json.TRUE))
            .with("completions", Json.EMPTY)
            .with("logging", Json.EMPTY);

    /// Of one server what it can; for all of them everything, for to ask each would make every client wait for the
    /// slowest.
    private Json.Obj capabilities(Conversation with) {
        if (with.only().isEmpty()) return ALL_CAPABILITIES;
        try {
            var known = Json.EMPTY;
            var greeting = upstreams.of(with.session(), with.only().get()).greeting();
            for (var entry : ALL_CAPABILITIES.members().entrySet())
                if (greeting.has(entry.getKey())) known = known.with(entry.getKey(), entry.getValue());
            return known;
        } catch (Upstream.Failed unreachable) {
            // The client is told when it asks for something.
            return Json.object("tools", Json.EMPTY);
        }
    }

    /// With the server's instructions, where an operator approved them: a model reads them.
    private Json.Obj instructed(Conversation with, Json.Obj result) {
        if (with.only().isEmpty()) return result;
        try {
            var server = with.only().get();
            var upstream = upstreams.of(with.session(), server);
            var said = upstream.greeting().instructions();
            boolean approved = said.filter(it -> Pinned.instructions(server, it)
                            .isApproved(pins, with.session(), upstream.server()))
                    .isPresent();
            return approved ? result.with("instructions", said.get()) : result;
        } catch (Upstream.Failed unreachable) {
            return result;
        }
    }

    private JsonRpc.Message setLevel(Turn turn) throws Upstream.Failed {
        var level = turn.params().string("level").filter(Conversation.LEVELS::contains);
        if (level.isEmpty()) return refuseMessage(turn, "`level` is one of " + Conversation.LEVELS);
        var judged = lifecycle(turn, Json.EMPTY);
        if (!(judged instanceof JsonRpc.Result)) return judged;
        turn.with().logFrom(level.get());
        // Where one server is spoken to it hears so itself; what others log is filtered here.
        if (turn.with().only().isPresent()) {
            var upstream = upstreams.of(turn.session(), turn.with().only().get());
            var greeting = upstream.greeting();
            if (!greeting.speech().modern() && greeting.has("logging")) {
                var message = new Action.Message(Action.Kind.LIFECYCLE, upstream.server().name(), "logging/setLevel",
                        Json.object("level", level.get()));
                upstream.result(message, turn.with().address(), upstream.server().timeout());
            }
        }
        return judged;
    }

    // --- lists ------------------------------------------------------------------------------------------------------

    private JsonRpc.Message list(Turn turn) {
        if (turn.params().at("cursor").isPresent())
            return refuseMessage(turn, "there is no such page: `cursor` is not ours");
        return lists.list(turn);
    }

    // --- calls ------------------------------------------------------------------------------------------------------

    private Naming naming(Turn turn) {
        return new Naming(turn.with().only());
    }

    private List<String> names(Turn turn) {
        return upstreams.names(turn.session());
    }

    private static boolean isArgued(Turn turn) {
        return turn.params().at("arguments").map(it -> it instanceof Json.Obj).orElse(true);
    }

    private JsonRpc.Message callTool(Turn turn) throws Upstream.Failed {
        var named = turn.params().string("name");
        if (named.isEmpty() || !isArgued(turn))
            return refuseMessage(turn, "`name` must be a string, `arguments` an object");
        var place = naming(turn).named(named.get(), names(turn));
        if (place.isEmpty()) return nothingOf(turn, "tool");
        var upstream = upstreams.of(turn.session(), place.get().server());
        var tool = upstream.tool(place.get().name(), turn.with().address());
        if (tool.isEmpty()) return nothingOf(turn, "tool");
        return callTool(turn, upstream, tool.get());
    }

    private JsonRpc.Message callTool(Turn turn, Upstream upstream, ToolDefinition tool) throws Upstream.Failed {
        var session = turn.session();
        var call = new Action.ToolCall(tool.server(), tool.name(), addressed(turn, "name", tool.name()));
        var pin = pins.meet(
                session, tool.qualified(), tool.hash(), tool.whole(), upstream.server().firstUse());
        pins.settle();
        if (pin.isEmpty()) return Calls.refusedTool(turn,
                checkpoint.refuse(session, call, turn.here(), notApproved(tool)));
        var mirrored = turn.isModern() && turn.headers().isPresent()
                ? tool.headers().differs(turn.headers().get()::one, call.arguments())
                : Optional.<String>empty();
        if (mirrored.isPresent()) {
            var why = new Reason("mcp/header-mismatch", "header `" + mirrored.get()
                    + "` is not what the arguments say");
            checkpoint.refuse(session, call, turn.here(), why);
            return Protocol.error(turn.id(), Protocol.HEADER_MISMATCH, why.text());
        }
        var wrong = upstreams.arguments(tool).wrong(call.arguments());
        if (wrong.isPresent()) {
            var reason = new Reason("mcp/arguments", "the arguments are not what the tool takes: " + wrong.get());
            return Calls.refusedTool(turn, checkpoint.refuse(session, call, turn.here(), reason));
        }
        var circumstance = new Circumstance(
                turn.with().address(), pin.get().toolClass(), tool.hash(), upstream.server().reviewable());
        return calls.make(turn, new Calls.Call(upstream, call, circumstance, tool.headers()));
    }

    /// The parameters as the server knows them: its own name, and no answers of another round.
    private static Json.Obj addressed(Turn turn, String member, String name) {
        var params = turn.params();
        if (!params.string(member).equals(Optional.of(name))) params = params.with(member, name);
        return params.without("inputResponses").without("requestState");
    }

    private static Reason notApproved(ToolDefinition tool) {
        return new Reason(
                "mcp/not-approved",
                "tool " + tool.qualified() + " is not approved as it is now; an operator can: masugata tools approve "
                        + tool.qualified());
    }

    private static JsonRpc.Message cannot(Turn turn, String why) {
        return Protocol.error(turn.id(), JsonRpc.METHOD_NOT_FOUND, "that server " + why);
    }

    private JsonRpc.Message nothingOf(Turn turn, String what) {
        checkpoint.refuse(turn.session(), turn.asMessage(), turn.here(),
                new Reason("mcp/unknown-" + what, "there is no such " + what));
        return Protocol.error(turn.id(), JsonRpc.INVALID_PARAMS, "there is no " + what + " of that name");
    }

    private JsonRpc.Message getPrompt(Turn turn) throws Upstream.Failed {
        var named = turn.params().string("name");
        if (named.isEmpty() || !isArgued(turn))
            return refuseMessage(turn, "`name` must be a string, `arguments` an object");
        var place = naming(turn).named(named.get(), names(turn));
        if (place.isEmpty()) return nothingOf(turn, "prompt");
        var upstream = upstreams.of(turn.session(), place.get().server());
        var prompt = prompt(turn, upstream, place.get().name());
        if (prompt.isEmpty()) return nothingOf(turn, "prompt");
        if (!prompt.get().isApproved(pins, turn.session(), upstream.server())) {
            return notApproved(turn, place.get());
        }
        var params = addressed(turn, "name", place.get().name());
        return calls.make(turn, call(turn, upstream, Action.Kind.PROMPT_GET, params));
    }

    private JsonRpc.Message notApproved(Turn turn, Naming.Place place) {
        var why = new Reason("mcp/not-approved", place.server() + "/" + place.name() + " is not approved as it is now");
        return Protocol.refused(turn.id(), checkpoint.refuse(turn.session(), turn.asMessage(), turn.here(), why));
    }

    private Optional<Pinned> template(Turn turn, Upstream upstream, String uri) throws Upstream.Failed {
        if (!upstream.greeting().has("resources")) return Optional.empty();
        var all = upstream.list("resources/templates/list", "resourceTemplates", turn.with().address());
        for (var it : all.items())
            if (it.string("uriTemplate").equals(Optional.of(uri)))
                return Optional.of(Pinned.template(upstream.server().name(), uri, it));
        return Optional.empty();
    }

    private Optional<Pinned> prompt(Turn turn, Upstream upstream, String name) throws Upstream.Failed {
        if (!upstream.greeting().has("prompts")) return Optional.empty();
        for (var it : upstream.list("prompts/list", "prompts", turn.with().address()).items())
            if (it.string("name").equals(Optional.of(name)))
                return Optional.of(Pinned.prompt(upstream.server().name(), name, it));
        return Optional.empty();
    }

    private Calls.Call call(Turn turn, Upstream upstream, Action.Kind kind, Json.Obj params) {
        var action = new Action.Message(kind, upstream.server().name(), turn.request().method(), params);
        return new Calls.Call(upstream, action, turn.here(), ParamHeaders.NONE);
    }

    private JsonRpc.Message readResource(Turn turn) throws Upstream.Failed {
        var located = turn.params().string("uri");
        if (located.isEmpty()) return refuseMessage(turn, "`uri` must be a string");
        var place = naming(turn).located(located.get(), names(turn));
        if (place.isEmpty()) return nothingOf(turn, "resource");
        var upstream = upstreams.of(turn.session(), place.get().server());
        if (!upstream.greeting().has("resources")) return cannot(turn, "has no resources");
        var params = addressed(turn, "uri", place.get().name());
        return calls.make(turn, call(turn, upstream, Action.Kind.RESOURCE_READ, params));
    }

    private JsonRpc.Message complete(Turn turn) throws Upstream.Failed {
        var ref = turn.params().object("ref");
        boolean prompt = ref.string("type").orElse("").equals("ref/prompt");
        var member = prompt ? "name" : "uri";
        var given = ref.string(member);
        if (given.isEmpty() || !(turn.params().at("argument").orElse(Json.NULL) instanceof Json.Obj))
            return refuseMessage(turn, "`ref` must name a prompt or a resource, `argument` be an object");
        var place = prompt ? naming(turn).named(given.get(), names(turn)) : naming(turn)
                .located(given.get(), names(turn));
        if (place.isEmpty()) return nothingOf(turn, prompt ? "prompt" : "resource");
        var upstream = upstreams.of(turn.session(), place.get().server());
        if (!upstream.greeting().has("completions")) return cannot(turn, "completes nothing");
        var name = place.get().name();
        var pinned = prompt ? prompt(turn, upstream, name) : template(turn, upstream, name);
        if (pinned.isEmpty()) return nothingOf(turn, prompt ? "prompt" : "resource");
        if (!pinned.get().isApproved(pins, turn.session(), upstream.server())) return notApproved(turn, place.get());
        var params = turn.params().with("ref", ref.with(member, place.get().name()));
        return calls.make(turn, call(turn, upstream, Action.Kind.COMPLETE, params));
    }

    // --- subscriptions ----------------------------------------------------------------------------------------------

    private JsonRpc.Message subscribe(Turn turn) throws Upstream.Failed {
        var place = turn.params().string("uri").flatMap(it -> naming(turn).located(it, names(turn)));
        if (place.isEmpty()) return nothingOf(turn, "resource");
        return listening.subscribe(turn, place.get());
    }

    private JsonRpc.Message unsubscribe(Turn turn) throws Upstream.Failed {
        var place = turn.params().string("uri").flatMap(it -> naming(turn).located(it, names(turn)));
        if (place.isEmpty()) return nothingOf(turn, "resource");
        return listening.unsubscribe(turn, place.get());
    }

    private JsonRpc.Message listen(Turn turn) throws Upstream.Failed {
        if (!(turn.params().at("notifications").orElse(Json.NULL) instanceof Json.Obj))
            return refuseMessage(turn, "`notifications` must be an object");
        var judged = lifecycle(turn, Json.EMPTY);
        return judged instanceof JsonRpc.Result ? listening.listen(turn) : judged;
    }

    /// A client of a revision with a handshake hears its servers from now on, until its conversation ends.
    void hear(Conversation conversation) {
        listening.hear(conversation);
    }

    /// A client listens on a stream of its own: servers that can only be heard on one are listened to.
    void attend(Conversation conversation) {
        listening.attend(conversation);
    }

    private static String target(Conversation conversation) {
        return conversation.only().orElse("masugata");
    }

    private static Circumstance here(Conversation conversation) {
        return Circumstance.at(conversation.address());
    }
}
