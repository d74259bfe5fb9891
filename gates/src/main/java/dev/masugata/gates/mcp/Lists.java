package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.ToolPins;
import dev.masugata.model.Action;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What servers say they have, asked at the same time and put together. A client sees what was approved and
/// what it could be permitted, exactly as it was, and nothing of a server that fails.
final class Lists {
    /// The member of each list's result that holds its items, and what a server must say it can.
    private record Shape(String member, String capability) {}

    private static final Map<String, Shape> SHAPES = Map.of(
            "tools/list", new Shape("tools", "tools"),
            "prompts/list", new Shape("prompts", "prompts"),
            "resources/list", new Shape("resources", "resources"),
            "resources/templates/list", new Shape("resourceTemplates", "resources"));

    private static final System.Logger LOG = System.getLogger("masugata.mcp");

    private final Upstreams upstreams;
    private final ToolPins pins;

    Lists(Upstreams upstreams, ToolPins pins) {
        this.upstreams = upstreams;
        this.pins = pins;
    }

    private record Part(List<Json> items, long ttlMillis) {}

    JsonRpc.Message list(Turn turn) {
        var shape = SHAPES.get(turn.request().method());
        var names = turn.with().only().map(List::of).orElseGet(() -> upstreams.names(turn.session()));
        var items = new ArrayList<Json>();
        long ttl = Long.MAX_VALUE;
        Optional<Upstream.Failed> failure = Optional.empty();
        try {
            for (var part : parts(turn, shape, names)) {
                try {
                    items.addAll(part.get().items());
                    ttl = Math.min(ttl, part.get().ttlMillis());
                } catch (ExecutionException failed) {
                    failure = Optional.of(switch (failed.getCause()) {
                        case Upstream.Barred barred -> refused(turn, barred);
                        case Upstream.Failed known -> known;
                        case null, default -> {
                            LOG.log(System.Logger.Level.ERROR, "a server could not be asked", failed);
                            yield new Upstream.Failed("a server could not be asked", null);
                        }
                    });
                    // It may be back at any time.
                    ttl = 0;
                }
            }
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return Protocol.error(turn.id(), Protocol.UPSTREAM, "the caller went away");
        }
        // One server that fails takes nothing from the others; if it was all there is, its failure is the answer.
        if (failure.isPresent() && names.size() == 1) return Protocol.failed(turn.id(), failure.get());
        var result = Json.object(shape.member(), new Json.Arr(items));
        if (turn.isModern()) result = Protocol.complete(result, names.isEmpty() ? 0 : ttl);
        return new JsonRpc.Result(turn.id(), result);
    }

    /// What a caller may not even ask for is refused on record, each server by its name.
    private static Upstream.Failed refused(Turn turn, Upstream.Barred barred) {
        var upstream = barred.upstream();
        var asked = new Action.Message(
                Methods.kind(turn.request().method()), upstream.server().name(), turn.request().method(),
                        turn.params());
        var refusal = upstream.checkpoint().refuse(turn.session(), asked, turn.here(), barred.why());
        return new Upstream.Failed(refusal.text(), refusal);
    }

    private List<Future<Part>> parts(Turn turn, Shape shape, List<String> names) throws InterruptedException {
        var asked = new ArrayList<Callable<Part>>();
        for (var name : names) asked.add(() -> part(turn, shape, upstreams.of(turn.session(), name)));
        if (asked.size() == 1) return List.of(now(asked.getFirst()));
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            return each.invokeAll(asked);
        }
    }

    /// One is asked without another thread.
    private static <T> Future<T> now(Callable<T> task) {
        var it = new java.util.concurrent.FutureTask<>(task);
        it.run();
        return it;
    }

    private Part part(Turn turn, Shape shape, Upstream upstream) throws Upstream.Failed {
        var server = upstream.server().name();
        var naming = new Naming(turn.with().only());
        if (!upstream.greeting().has(shape.capability())) return new Part(List.of(), 0);
        var address = turn.with().address();
        var shown = new ArrayList<Json>();
        if (shape.member().equals("tools")) {
            var firstUse = upstream.server().firstUse();
            for (var tool : upstream.listTools(address))
                if (pins.meet(turn.session(), tool.qualified(), tool.hash(), tool.whole(), firstUse)
                        .filter(pin -> upstream.couldCall(tool, pin.toolClass(), address))
                        .isPresent())
                    shown.add(named(tool.whole(), naming.name(server, tool.name())));
            pins.settle();
            return new Part(shown, 0);
        }
        var listed = upstream.list(turn.request().method(), shape.member(), address);
        for (var item : listed.items()) outward(turn, naming, upstream, shape.member(), item).ifPresent(shown::add);
        return new Part(shown, listed.ttlMillis());
    }

    private Optional<Json> outward(Turn turn, Naming naming, Upstream upstream, String member, Json.Obj item) {
        var server = upstream.server().name();
        return switch (member) {
            case "prompts" -> item.string("name")
                    .filter(it -> Pinned.prompt(server, it, item).isApproved(pins, turn.session(), upstream.server()))
                    .map(it -> named(item, naming.name(server, it)));
            case "resourceTemplates" -> item.string("uriTemplate")
                    .filter(it -> Pinned.template(server, it, item).isApproved(pins, turn.session(), upstream.server()))
                    .map(it -> naming.only().isPresent() ? item : item.with("uriTemplate", naming.uri(server, it)));
            // Which resources there are is content like what is in them: it changes with every file, and is judged as
            // what comes back.
            default -> item.string("uri")
                    .map(it -> naming.only().isPresent() ? item : item.with("uri", naming.uri(server, it)));
        };
    }

    private static Json named(Json.Obj item, String name) {
        return item.string("name").equals(Optional.of(name)) ? item : item.with("name", name);
    }
}
