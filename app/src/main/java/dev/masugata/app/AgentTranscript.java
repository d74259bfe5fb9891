package dev.masugata.app;

import dev.masugata.ledger.Entry;
import dev.masugata.ledger.Payload;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an agent itself wrote down of a run: the JSON lines of Claude Code (`~/.claude/projects`) and of Codex
/// (`~/.codex/sessions`). It is a claim; held against our own record it shows what passed no gate.
///
/// @param calls  of tools, in order
/// @param turns  of the model
/// @param unread lines that are no JSON, or of no known kind
public record AgentTranscript(List<Call> calls, int turns, int unread) {
    /// Bytes of a transcript, and calls in it.
    public static final long BYTES_MAX = 256L * 1024 * 1024;

    public static final int CALLS_MAX = 100_000;

    /// How far the clocks of agent and gate, and the time between asking and calling, may lie apart.
    static final Duration APART = Duration.ofMinutes(15);

    /// Claude Code writes `mcp__server__tool`, Codex `server__tool`.
    private static final Pattern SERVED = Pattern.compile("(?:mcp__)?([a-z0-9-]{1,64})__(.{1,128})");

    /// @param name as the agent calls the tool
    public record Call(Instant time, String name, Json.Obj arguments) {
        /// `server/tool` of one that goes through an MCP server.
        Optional<String> target() {
            var it = SERVED.matcher(name);
            return it.matches() ? Optional.of(it.group(1) + "/" + it.group(2)) : Optional.empty();
        }

        private String key() {
            return target().orElse(name) + " " + new String(JsonWriter.canonical(arguments), StandardCharsets.UTF_8);
        }
    }

    public AgentTranscript {
        calls = List.copyOf(calls);
    }

    /// @throws IllegalArgumentException it is no transcript that is known, or more than is read
    public static AgentTranscript of(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) throw new IllegalArgumentException("it has more than " + BYTES_MAX
                + " bytes");
        var calls = new ArrayList<Call>();
        int turns = 0;
        int unread = 0;
        int lines = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isBlank()) continue;
                lines++;
                var said = json(line);
                if (said.isEmpty()) {
                    unread++;
                    continue;
                }
                turns += turn(said.get());
                calls(said.get(), calls);
                if (calls.size() > CALLS_MAX) throw new IllegalArgumentException("it has more than " + CALLS_MAX
                        + " calls");
            }
        }
        if (lines == 0 || unread == lines) throw new IllegalArgumentException("it is no transcript of lines of JSON");
        return new AgentTranscript(calls, turns, unread);
    }

    private static Optional<Json.Obj> json(String line) {
        try {
            return JsonReader.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT) instanceof Json.Obj object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (JsonException unreadable) {
            return Optional.empty();
        }
    }

    private static int turn(Json.Obj line) {
        var payload = line.object("payload");
        boolean claude = line.string("type").equals(Optional.of("assistant")) && line.at("message").isPresent();
        boolean codex = payload.string("type").equals(Optional.of("message"))
                && payload.string("role").equals(Optional.of("assistant"));
        return claude || codex ? 1 : 0;
    }

    private static void calls(Json.Obj line, List<Call> into) {
        var time = time(line.string("timestamp").orElse(""));
        for (var item : line.object("message").items("content"))
            if (item instanceof Json.Obj block && block.string("type").equals(Optional.of("tool_use")))
                into.add(new Call(time, block.string("name").orElse("?"), block.object("input")));
        var payload = line.object("payload");
        if (payload.string("type").equals(Optional.of("function_call")))
            into.add(new Call(time, payload.string("name").orElse("?"),
                    json(payload.string("arguments").orElse("{}")).orElse(Json.EMPTY)));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException none) {
            return Instant.EPOCH;
        }
    }

    /// What differs between the two.
    ///
    /// @param matched    calls that are in both
    /// @param unrecorded calls of MCP servers that the agent tells of and no gate saw
    /// @param own        calls of the agent's own tools, which pass no gate of ours
    /// @param untold     calls on our record that the agent does not tell of
    /// @param modelCalls on our record
    public record Compared(int matched, List<Call> unrecorded, int own, List<Long> untold, int modelCalls) {
        public boolean hasGaps() {
            return !unrecorded.isEmpty() || !untold.isEmpty();
        }
    }

    /// Holds it against the record of one session.
    public Compared with(List<Entry> entries) {
        var recorded = new HashMap<String, List<Entry>>();
        var contents = new HashMap<Long, Json.Obj>();
        int models = 0;
        for (var entry : entries) {
            if (entry.event() instanceof Event.Asked asked && entry.payload() == Payload.KEPT
                    && asked.payload() instanceof Json.Obj payload) contents.put(entry.seq(),
                            payload.object("content"));
            if (!(entry.event() instanceof Event.Decided decided)) continue;
            if (decided.kind() == Action.Kind.MODEL_CALL) models++;
            if (decided.kind() != Action.Kind.TOOL_CALL || decided.target().startsWith("provider.")) continue;
            var arguments = contents.getOrDefault(decided.asked(), Json.EMPTY).object("arguments");
            var key = new Call(entry.time(), decided.target(), arguments).key();
            recorded.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
        }
        return matched(recorded, models);
    }

    private Compared matched(Map<String, List<Entry>> recorded, int models) {
        int matched = 0;
        int own = 0;
        var unrecorded = new ArrayList<Call>();
        for (var call : calls) {
            if (call.target().isEmpty()) {
                own++;
                continue;
            }
            var same = recorded.getOrDefault(call.key(), List.of());
            var at = same.stream().filter(it -> call.time().equals(Instant.EPOCH)
                    || Duration.between(call.time(), it.time()).abs().compareTo(APART) <= 0).findFirst();
            if (at.isPresent()) {
                matched++;
                same.remove(at.get());
            } else unrecorded.add(call);
        }
        var untold = recorded.values().stream().flatMap(List::stream).map(Entry::seq).sorted().toList();
        return new Compared(matched, unrecorded, own, untold, models);
    }
}
