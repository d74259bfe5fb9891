package dev.masugata.app;

import dev.masugata.checkpoint.HouseExit;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.Follower;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Every judged action as a span, sent to an OpenTelemetry collector (OTLP 1.x over HTTP with JSON). Off unless
/// `telemetry.otlp` names one.
///
/// It follows the record, so that nothing on the way of a call waits for it, and a span says what the record says. Names
/// and outcomes only: contents stay here.
final class Traces implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.traces");
    /// Actions whose end has not come yet; the oldest is sent without.
    static final int OPEN_MAX = 10_000;
    /// Spans that wait to be sent; past it the oldest are dropped, and said so.
    static final int WAITING_MAX = 10_000;

    static final int BATCH_MAX = 500;
    static final long EVERY_MILLIS = 2_000;

    /// @param turn the ids of the model's turn that asked for it; empty where none did
    private record Open(Entry decided, Event.Decided event, String turn) {
        /// A trace id of 32 digits, then a span id of 16. A call is part of the trace of the turn that asked for it.
        String ids() {
            var own = Sha256.hex(event.session() + " " + decided.seq() + " " + event.digest());
            return (turn.isEmpty() ? own.substring(0, 32) : turn.substring(0, 32)) + own.substring(32, 48);
        }
    }

    /// Turns of models that a call may still name, and calls that are not decided yet.
    private static final int TURNS_MAX = 10_000;

    private final Map<Long, String> turns = bounded();
    private final Map<Long, String> asked = bounded();

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > TURNS_MAX;
            }
        };
    }

    private final HouseExit exit;
    private final URI collector;
    private final Follower follower;
    private final ScheduledExecutorService sender =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("traces").factory());
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private final List<Json> waiting = new ArrayList<>();
    private long dropped;

    Traces(Ledger ledger, HouseExit exit, String otlp) {
        this.exit = exit;
        this.collector = URI.create(otlp.endsWith("/v1/traces") ? otlp : otlp.replaceAll("/+$", "") + "/v1/traces");
        this.follower = ledger.follow("traces", ledger.size() + 1, this::seen);
        sender.scheduleWithFixedDelay(this::send, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void seen(Entry entry) {
        switch (entry.event()) {
            // Our own sending is not traced, or each span would bring another.
            case Event.Decided it when it.kind() != Action.Kind.HOUSE_CALL -> decided(entry, it);
            case Event.Done it -> {
                var begun = open.remove(it.decided());
                if (begun != null) queue(span(begun, entry.time(), it.outcome(), it.payload()));
            }
            case Event.Asked it when it.payload() instanceof Json.Obj payload ->
                payload.string("turn").ifPresent(turn -> asked.put(entry.seq(), turn));
            case Event.Decided _, Event.Asked _, Event.Held _, Event.Answered _, Event.Found _, Event.Changed _ -> {}
        }
    }

    private void decided(Entry entry, Event.Decided it) {
        var turn = asked.remove(it.asked());
        var ids = turn == null || !turn.startsWith("d-") ? null : turns.get(Long.parseLong(turn.substring(2)));
        var one = new Open(entry, it, ids == null ? "" : ids);
        if (it.kind() == Action.Kind.MODEL_CALL) turns.put(entry.seq(), one.ids());
        switch (it.outcome()) {
            case ALLOWED, MASKED -> {
                open.put(entry.seq(), one);
                if (open.size() > OPEN_MAX) {
                    var oldest = Objects.requireNonNull(open.remove(open.keySet().iterator().next()));
                    queue(span(oldest, oldest.decided().time(), "unknown", Json.NULL));
                }
            }
            case HELD, DENIED, QUARANTINED -> queue(span(one, entry.time(), "not sent", Json.NULL));
        }
    }

    private void queue(Json span) {
        waiting.add(span);
        if (waiting.size() <= WAITING_MAX) return;
        waiting.removeFirst();
        dropped++;
    }

    private static Json span(Open open, Instant end, String ended, Json payload) {
        var it = open.event();
        var ids = open.ids();
        var attributes = new ArrayList<Json>();
        attribute(attributes, "masugata.decision", "d-" + open.decided().seq());
        attribute(attributes, "masugata.outcome", it.outcome().word());
        attribute(attributes, "masugata.ended", ended);
        attribute(attributes, "masugata.session", it.session());
        attribute(attributes, "masugata.principal", it.principal());
        attribute(attributes, "masugata.policy", it.policy());
        if (it.kind() == Action.Kind.TOOL_CALL) attribute(attributes, "gen_ai.tool.name", it.target());
        if (it.kind() == Action.Kind.MODEL_CALL) model(attributes, it.target(), payload);
        boolean failed = !ended.equals("ok");
        var span = open.turn().isEmpty() ? Json.EMPTY : Json.object("parentSpanId", open.turn().substring(32, 48));
        return span.with("traceId", ids.substring(0, 32))
                .with("spanId", ids.substring(32, 48))
                .with("name", it.kind().word() + " " + it.target())
                .with("kind", 3)
                .with("startTimeUnixNano", nanos(open.decided().time()))
                .with("endTimeUnixNano", nanos(end))
                .with("attributes", new Json.Arr(attributes))
                .with("status", Json.object("code", Json.of(failed ? 2 : 1)));
    }

    /// Semantic conventions for generative AI of OpenTelemetry.
    private static void model(List<Json> attributes, String target, Json payload) {
        int slash = target.indexOf('/');
        attribute(attributes, "gen_ai.provider.name", slash < 0 ? target : target.substring(0, slash));
        if (slash > 0) attribute(attributes, "gen_ai.request.model", target.substring(slash + 1));
        attribute(attributes, "gen_ai.operation.name", "chat");
        var tokens = payload instanceof Json.Obj done ? done.object("tokens") : Json.EMPTY;
        for (var one : Map.of("in", "gen_ai.usage.input_tokens", "out", "gen_ai.usage.output_tokens").entrySet())
            tokens.integer(one.getKey()).ifPresent(count -> attributes.add(Json.object("key", one.getValue())
                    .with("value", Json.object("intValue", Long.toString(count)))));
    }

    private static void attribute(List<Json> attributes, String key, String value) {
        attributes.add(Json.object("key", key).with("value", Json.object("stringValue", value)));
    }

    /// OTLP/JSON writes 64-bit numbers as strings.
    private static String nanos(Instant time) {
        return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
    }

    private void send() {
        List<Json> batch;
        synchronized (this) {
            if (waiting.isEmpty()) return;
            batch = List.copyOf(waiting.subList(0, Math.min(BATCH_MAX, waiting.size())));
        }
        try {
            var status = exit.post(collector, "application/json", JsonWriter.bytes(request(batch)));
            if (status.isPresent() && status.get() / 100 != 2) LOG.log(Level.WARNING, "the collector answered "
                    + status.get());
            sent(batch.size());
        } catch (IOException unreachable) {
            LOG.log(Level.WARNING, "traces wait, the collector cannot be reached: " + unreachable.getMessage());
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "traces cannot be sent", broken);
            sent(batch.size());
        }
    }

    private synchronized void sent(int count) {
        waiting.subList(0, Math.min(count, waiting.size())).clear();
        if (dropped > 0) LOG.log(Level.WARNING, dropped + " spans were dropped: the collector was away too long");
        dropped = 0;
    }

    private static Json.Obj request(List<Json> spans) {
        var service = new ArrayList<Json>();
        attribute(service, "service.name", "masugata");
        attribute(service, "service.version", Version.NUMBER);
        var scope = Json.object("scope", Json.object("name", "masugata").with("version", Version.NUMBER))
                .with("spans", new Json.Arr(spans));
        var resource = Json.object("resource", Json.object("attributes", new Json.Arr(service)))
                .with("scopeSpans", new Json.Arr(List.of(scope)));
        return Json.object("resourceSpans", new Json.Arr(List.of(resource)));
    }

    @Override
    public void close() {
        follower.close();
        sender.shutdown();
        send();
    }
}
