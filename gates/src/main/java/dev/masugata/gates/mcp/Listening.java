package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;

/// What servers say on their own account, brought to the clients that want to hear it: to those with a handshake on
/// their stream, to modern ones on the stream of their `subscriptions/listen`.
final class Listening {
    private static final System.Logger LOG = System.getLogger("masugata.mcp");
    /// Messages that wait for a client that listens but does not read; past it the stream ends.
    static final int QUEUE_MAX = 256;
    /// Resources of one `subscriptions/listen`.
    static final int RESOURCES_MAX = 256;

    private final Upstreams upstreams;

    Listening(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    // --- clients with a handshake -----------------------------------------------------------------------------------

    void hear(Conversation conversation) {
        var ends = upstreams.subscriptions().add(conversation.session().id(), (server, method, params) -> {
            if (isFor(conversation, server, method, params))
                conversation.leave(new JsonRpc.Notification(method, outward(conversation.only(), server, params))
                        .toJson());
        });
        conversation.atEnd(() -> {
            ends.ifPresent(Runnable::run);
            // Servers are told on a thread of its own: who ends a conversation does not wait for them.
            Thread.ofVirtual().name("leave")
                    .start(() -> conversation.subscribed().forEach(it -> leave(conversation, it)));
        });
    }

    private static boolean isFor(Conversation conversation, String server, String method, Json.Obj params) {
        if (conversation.only().isPresent() && !conversation.only().get().equals(server)) return false;
        return switch (method) {
            case "notifications/resources/updated" ->
                conversation.subscribed().contains(new Naming.Place(server, params.string("uri").orElse("")));
            case "notifications/message" -> conversation.hears(params.string("level").orElse("info"));
            default -> true;
        };
    }

    private static Json.Obj outward(Optional<String> only, String server, Json.Obj params) {
        var uri = params.string("uri");
        return uri.isPresent() ? params.with("uri", new Naming(only).uri(server, uri.get())) : params;
    }

    void attend(Conversation conversation) {
        var names = conversation.only().map(List::of).orElseGet(() -> upstreams.names(conversation.session()));
        for (var name : names) attend(conversation, name);
    }

    /// A server that cannot be listened to harms no other, and nobody who does not use it.
    private void attend(Conversation conversation, String server) {
        Thread.ofVirtual().name("attend " + server).start(() -> {
            try {
                upstreams.of(conversation.session(), server).attendance().attend();
            } catch (Upstream.Failed failed) {
                LOG.log(Level.DEBUG, server + " cannot be listened to", failed);
            }
        });
    }

    JsonRpc.Message subscribe(Turn turn, Naming.Place place) throws Upstream.Failed {
        if (turn.with().subscribed().contains(place)) return new JsonRpc.Result(turn.id(), Json.EMPTY);
        if (turn.with().subscribed().size() >= RESOURCES_MAX)
            return Protocol.error(turn.id(), JsonRpc.INVALID_REQUEST, "more than " + RESOURCES_MAX
                    + " subscriptions of one conversation");
        var answer = upstreams.of(turn.session(), place.server()).attendance()
                .watch(place.name(), turn.with().address());
        var refused = answer.flatMap(it -> failure(turn, it));
        if (refused.isPresent()) return refused.get();
        turn.with().subscribed().add(place);
        return new JsonRpc.Result(turn.id(), Json.EMPTY);
    }

    private static Optional<JsonRpc.Message> failure(Turn turn, Answer answer) {
        return switch (answer) {
            case Answer.Result _ -> Optional.empty();
            case Answer.Failure(int code, var text, _) -> Optional.of(Protocol.error(turn.id(), code, text));
            case Answer.Withheld(var refusal) -> Optional.of(Protocol.refused(turn.id(), refusal));
            case Answer.Broken(var reason) -> Optional.of(Protocol.error(turn.id(), Protocol.UPSTREAM, reason));
            case Answer.Unauthorized(var reason) -> Optional.of(Protocol.error(turn.id(), Protocol.UPSTREAM, reason));
            case Answer.Expired(var reason) -> Optional.of(Protocol.error(turn.id(), Protocol.UPSTREAM, reason));
        };
    }

    JsonRpc.Message unsubscribe(Turn turn, Naming.Place place) throws Upstream.Failed {
        if (turn.with().subscribed().remove(place))
            upstreams.of(turn.session(), place.server()).attendance().leave(place.name(), turn.with().address());
        return new JsonRpc.Result(turn.id(), Json.EMPTY);
    }

    private void leave(Conversation conversation, Naming.Place place) {
        // A server that is not connected any more watches nothing, and is not started to be told so.
        var upstream = upstreams.known(conversation.session(), place.server());
        if (upstream.isEmpty()) return;
        try {
            upstream.get().attendance().leave(place.name(), conversation.address());
        } catch (Upstream.Failed gone) {
            LOG.log(Level.DEBUG, "a resource is still watched", gone);
        }
    }

    // --- modern clients ---------------------------------------------------------------------------------------------

    /// Serves one `subscriptions/listen` until the client goes (MCP 2026-07-28, Subscriptions).
    JsonRpc.Message listen(Turn turn) throws Upstream.Failed {
        var wanted = turn.params().object("notifications");
        var names = upstreams.names(turn.session());
        var naming = new Naming(turn.with().only());
        var places = new HashSet<Naming.Place>();
        var honored = new ArrayList<String>();
        for (var item : wanted.items("resourceSubscriptions")) {
            var place = item instanceof Json.Str(var uri, _) ? naming.located(uri, names)
                    : Optional.<Naming.Place>empty();
            if (place.isEmpty() || places.size() >= RESOURCES_MAX || !watch(turn, place.get())) continue;
            places.add(place.get());
            honored.add(((Json.Str) item).value());
        }
        var told = new ArrayBlockingQueue<Json.Obj>(QUEUE_MAX);
        var full = new Object() {
            volatile boolean is;
        };
        var listener = Thread.currentThread();
        var ends = upstreams.subscriptions().add(turn.session().id(), (server, method, params) -> {
            if (!isFor(turn, wanted, places, server, method, params)) return;
            var marked = stamped(turn, outward(turn.with().only(), server, params));
            if (told.offer(new JsonRpc.Notification(method, marked).toJson())) return;
            full.is = true;
            listener.interrupt();
        });
        if (ends.isEmpty())
            return Protocol.error(turn.id(), Protocol.LIMITED, "more than " + Subscriptions.LISTENERS_MAX
                    + " listeners in one session");
        try {
            attend(turn.with());
            turn.send(acknowledged(turn, wanted, honored));
            while (true) turn.outlet().send(told.take());
        } catch (InterruptedException ended) {
            if (!full.is) Thread.currentThread().interrupt();
            var result = Protocol.complete(Json.EMPTY);
            var meta = result.object("_meta").with(Protocol.SUBSCRIPTION, turn.id());
            return new JsonRpc.Result(turn.id(), result.with("_meta", meta));
        } finally {
            ends.get().run();
            for (var place : places) leave(turn.with(), place);
        }
    }

    private boolean watch(Turn turn, Naming.Place place) throws Upstream.Failed {
        var upstream = upstreams.of(turn.session(), place.server());
        var resources = upstream.greeting().capabilities().object("resources");
        if (!resources.isTrue("subscribe")) return false;
        return upstream.attendance().watch(place.name(), turn.with().address())
                .map(it -> it instanceof Answer.Result)
                .orElse(true);
    }

    private static final Set<String> LISTS = Set.of("toolsListChanged", "promptsListChanged", "resourcesListChanged");

    private static JsonRpc.Notification acknowledged(Turn turn, Json.Obj wanted, List<String> honored) {
        var agreed = Json.EMPTY;
        for (var name : LISTS) if (wanted.isTrue(name)) agreed = agreed.with(name, Json.TRUE);
        if (!honored.isEmpty()) agreed = agreed.with("resourceSubscriptions", Json.strings(honored));
        var params = stamped(turn, Json.object("notifications", agreed));
        return new JsonRpc.Notification("notifications/subscriptions/acknowledged", params);
    }

    /// Says on which stream it comes: the id of the request that opened it.
    private static Json.Obj stamped(Turn turn, Json.Obj params) {
        return params.with("_meta", Json.object(Protocol.SUBSCRIPTION, turn.id()));
    }

    private static boolean isFor(
            Turn turn, Json.Obj wanted, Set<Naming.Place> places, String server, String method, Json.Obj params) {
        if (turn.with().only().isPresent() && !turn.with().only().get().equals(server)) return false;
        return switch (method) {
            case "notifications/tools/list_changed" -> wanted.isTrue("toolsListChanged");
            case "notifications/prompts/list_changed" -> wanted.isTrue("promptsListChanged");
            case "notifications/resources/list_changed" -> wanted.isTrue("resourcesListChanged");
            case "notifications/resources/updated" ->
                places.contains(new Naming.Place(server, params.string("uri").orElse("")));
            default -> false;
        };
    }
}
