package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import dev.masugata.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which turn of a model asked for which call: what a model said and what then is called have the same arguments. Names
/// are left out of it, for each client gives a server's tools names of its own.
final class Turns {
    /// Calls that are remembered, over all sessions; the oldest is forgotten.
    static final int CALLS_MAX = 10_000;

    private final Map<String, String> turns = new LinkedHashMap<>();
    private final LinkedHashMap<String, String> answers = new LinkedHashMap<>();

    /// A model asked for a call.
    ///
    /// @param decision that let the model be asked, such as `d-41`
    /// @param arguments as JSON; what is none is no call that could be recognised
    synchronized void asked(String session, String decision, String arguments) {
        try {
            var bytes = arguments.getBytes(StandardCharsets.UTF_8);
            if (!(JsonReader.read(bytes, Limits.DEFAULT) instanceof Json.Obj values) || values.members()
                    .isEmpty()) return;
            keep(turns, key(session, values), decision);
        } catch (JsonException half) {
            // Cut off, or free text: nothing that comes will have the same arguments.
            return;
        }
    }

    /// The turn that asked for it, if one did.
    synchronized Optional<String> of(String session, Action action) {
        if (!(action instanceof Action.ToolCall call) || call.arguments().members().isEmpty()) return Optional.empty();
        return Optional.ofNullable(turns.get(key(session, call.arguments())));
    }

    /// A session received an answer that its provider keeps under a name.
    synchronized void received(String session, String provider, String id) {
        keep(answers, session + " " + provider + " " + id, id);
    }

    synchronized boolean hasReceived(String session, String provider, String id) {
        return answers.containsKey(session + " " + provider + " " + id);
    }

    private static void keep(Map<String, String> all, String key, String value) {
        all.remove(key);
        all.put(key, value);
        if (all.size() > CALLS_MAX) all.remove(all.keySet().iterator().next());
    }

    private static String key(String session, Json.Obj values) {
        return session + " " + Sha256.hex(JsonWriter.canonical(values));
    }
}
