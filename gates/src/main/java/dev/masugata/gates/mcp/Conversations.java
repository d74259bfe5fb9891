package dev.masugata.gates.mcp;

import dev.masugata.model.Session;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The conversations that clients began. They hold nothing that a session would lose with them, so the least recently
/// used ones simply go when there are too many: their clients initialize anew.
final class Conversations {
    /// Kept at once, in all and for one session.
    static final int ALL_MAX = 10_000;

    static final int SESSION_MAX = 1_000;

    private final Map<String, Conversation> byId = new LinkedHashMap<>(64, 0.75f, true);

    synchronized void begin(Conversation conversation) {
        long same = byId.values().stream().filter(it -> isOf(it, conversation.session())).count();
        if (same >= SESSION_MAX) dropOldest(conversation.session());
        if (byId.size() >= ALL_MAX) byId.remove(byId.keySet().iterator().next());
        byId.put(conversation.id(), conversation);
    }

    /// The conversation of that id, if it belongs to the session: an id alone opens nothing.
    synchronized Optional<Conversation> of(String id, Session session) {
        return Optional.ofNullable(byId.get(id)).filter(it -> isOf(it, session));
    }

    synchronized void end(Conversation conversation) {
        byId.remove(conversation.id());
        conversation.inFlight().values().forEach(Thread::interrupt);
    }

    /// Ends what a session waits for. Its conversations stay: who goes on in one is told that it was stopped.
    synchronized void stop(String session) {
        for (var it : byId.values())
            if (it.session().id().equals(session)) it.inFlight().values().forEach(Thread::interrupt);
    }

    private void dropOldest(Session session) {
        for (Iterator<Conversation> it = byId.values().iterator(); it.hasNext(); )
            if (isOf(it.next(), session)) {
                it.remove();
                return;
            }
    }

    private static boolean isOf(Conversation conversation, Session session) {
        return conversation.session().id().equals(session.id());
    }
}
