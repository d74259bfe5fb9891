package dev.masugata.inspect;

import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import dev.masugata.wire.Json;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Reads every string of an action once and lets each detector look at it, in order.
///
/// Names of members are read like values, and so are numbers long enough to be somebody's. A finding's span lies in the
/// string as it was given; of something that was decoded it is the encoded piece.
public final class Pipeline implements Inspector {
    /// A shorter number is nobody's card, account or key.
    private static final int NUMBER_CHARS = 8;

    /// Names of members that are not looked at again, on each channel; and characters of such a name with its place.
    static final int CLEAN_MAX = 4_096;
    static final int CLEAN_CHARS_MAX = 256;

    private final List<Detector> detectors;
    private final Fingerprint fingerprint;
    private final LayerLimits limits;
    private final LongSupplier nanoTime;
    private final long nanos;
    /// Where on each channel a member's name was read and nothing was seen. The same few stand in nearly all messages.
    /// The place ends with the name, and what a detector says depends on nothing but channel, text and place.
    private final Map<Channel, Set<String>> clean = new EnumMap<>(Channel.class);

    /// @param key for the fingerprints of what is found; with the same key the same value has the same fingerprint
    public Pipeline(List<Detector> detectors, byte[] key) {
        this(detectors, key, LayerLimits.DEFAULT, System::nanoTime, Report.NANOS_MAX);
    }

    /// For detectors that need time of their own, beside a pipeline that has none to give away.
    public Pipeline(List<Detector> detectors, byte[] key, Duration time) {
        this(detectors, key, LayerLimits.DEFAULT, System::nanoTime, time.toNanos());
    }

    Pipeline(List<Detector> detectors, byte[] key, LayerLimits limits, LongSupplier nanoTime, long nanos) {
        this(detectors, new Fingerprint(key), limits, nanoTime, nanos);
    }

    private Pipeline(
            List<Detector> detectors, Fingerprint fingerprint, LayerLimits limits, LongSupplier nanoTime, long nanos) {
        this.detectors = List.copyOf(detectors);
        this.fingerprint = fingerprint;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.nanos = nanos;
        for (var channel : Channel.values()) clean.put(channel, ConcurrentHashMap.newKeySet());
    }

    /// The same with one more detector, for one use.
    public Pipeline with(Detector more) {
        var all = new java.util.ArrayList<>(detectors);
        all.add(more);
        return new Pipeline(all, fingerprint, limits, nanoTime, nanos);
    }

    @Override
    public Inspection inspect(Action action) {
        return switch (action) {
            case Action.Rpc rpc -> new Walk(Channel.EGRESS).all(rpc.params());
            case Action.HttpRequest request -> {
                var walk = new Walk(Channel.EGRESS);
                if (request.body().isUnread()) walk.report.unread("/body");
                yield walk.all(request.says());
            }
            case Action.ModelCall call -> new Walk(Channel.EGRESS, call.parts()).all(call.says());
            case Action.Delivery(Action.ModelCall _, var message) -> new Walk(Channel.TOOL_RESULT).all(message);
            case Action.Delivery delivery -> {
                boolean describes = describes(delivery.answers());
                var walk = new Walk(describes ? Channel.TOOL_DESCRIPTION : Channel.TOOL_RESULT);
                boolean unread = delivery.answers() instanceof Action.HttpRequest
                        && delivery.message().object("body").isTrue("unread");
                if (unread) walk.report.unread("/body");
                yield walk.all(delivery.message());
            }
            case Action.FileApply _, Action.HouseCall _, Action.Operator _ -> Inspection.NOTHING;
        };
    }

    /// True for what a server says of itself: its tools and prompts, and its greeting.
    private static boolean describes(Action.Outbound asked) {
        return asked.kind() == Action.Kind.TOOL_LIST
                || asked.kind() == Action.Kind.PROMPT_LIST
                || asked.method().equals("initialize")
                || asked.method().equals("server/discover")
                || asked.method().equals("resources/templates/list");
    }

    /// A text that is no action of its own: a piece of a model's turn, a memory.
    ///
    /// @param place what its findings call their place
    public Inspection inspect(Channel channel, String place, String text) {
        var walk = new Walk(channel);
        walk.text(text, place);
        return walk.report.inspection();
    }

    /// The same of a value with all that is in it.
    public Inspection inspect(Channel channel, Json.Obj value) {
        return new Walk(channel).all(value);
    }

    /// Where in a text that is not at its end something of these families may have begun.
    int open(Channel channel, String text, Set<String> families) {
        int earliest = text.length();
        for (var detector : detectors) earliest = Math.min(earliest, detector.open(channel, text, families));
        return earliest;
    }

    /// One way through one action.
    private final class Walk {
        private Channel channel;
        private final Map<String, Channel> parts;
        private final Report report = new Report(fingerprint, nanoTime, nanos);

        private Walk(Channel channel) {
            this(channel, Map.of());
        }

        /// @param parts what came another way, by its place
        private Walk(Channel channel, Map<String, Channel> parts) {
            this.channel = channel;
            this.parts = parts;
        }

        private Inspection all(Json value) {
            look(value, "");
            return report.inspection();
        }

        private void look(Json value, String place) {
            var part = parts.isEmpty() ? null : parts.get(place);
            if (part == null || part == channel) {
                within(value, place);
                return;
            }
            var around = channel;
            channel = part;
            within(value, place);
            channel = around;
        }

        private void within(Json value, String place) {
            switch (value) {
                case Json.Obj(var members, _) -> members.forEach((name, member) -> {
                    var there = place + "/" + Redaction.escaped(name);
                    name(name, Redaction.nameOf(there));
                    if (isMedia(members.get("type"), name)) report.unread(there);
                    look(member, there);
                });
                case Json.Arr(var items, _) -> {
                    for (int i = 0; i < items.size(); i++) look(items.get(i), place + "/" + i);
                }
                case Json.Str(var text, _) -> text(text, place);
                case Json.Num(var literal) -> {
                    if (literal.length() >= NUMBER_CHARS) text(literal, place);
                }
                case Json.Bool _, Json.Null _ -> {}
            }
        }

        /// Content that a model sees or hears: what it says cannot be read here.
        private static boolean isMedia(@Nullable Json type, String name) {
            return name.equals("data")
                    && type instanceof Json.Str(var word, _)
                    && (word.equals("image") || word.equals("audio"));
        }

        private void name(String name, String place) {
            var known = Objects.requireNonNull(clean.get(channel));
            if (known.contains(place)) return;
            text(name, place);
            if (report.isEmpty() && place.length() <= CLEAN_CHARS_MAX && known.size() < CLEAN_MAX) known.add(place);
        }

        private void text(String text, String place) {
            if (text.isEmpty()) return;
            if (report.late()) {
                report.unread("");
                return;
            }
            var passage = new Passage(channel, place, Layers.of(text, limits));
            if (passage.layers().opaque()) report.unread(place);
            for (var detector : detectors) detector.look(passage, report);
        }
    }
}
