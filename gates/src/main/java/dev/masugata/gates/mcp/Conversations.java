package dev.masugata.gates.mcp;

import dev.masugata.model.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The conversations that clients began. They hold nothing that a session would lose with them, so the least recently
/// used ones simply go when there are too many: their clients initialize anew.
final class Conversations {
    /// Kept at once, in all and for one session.
    static final int ALL_MAX = 10_000;

    static final int SESSION_MAX = 1_000;

    private final Map<String, Conversation> byId = new LinkedHashMap<>(64, 0.75f, true);
    /// Those of modern clients, which have no id: while their one request is served.
    private final Set<Conversation> working = ConcurrentHashMap.newKeySet();

    synchronized void begin(Conversation conversation) {
        long same = byId.values().stream().filter(it -> isOf(it, conversation.session())).count();
        if (same >= SESSION_MAX) dropOldest(conversation.session());
        if (byId.size() >= ALL_MAX) end(byId.values().iterator().next());
        byId.put(conversation.id(), conversation);
    }

    /// The conversation of that id, if it belongs to the session: an id alone opens nothing.
    synchronized Optional<Conversation> of(String id, Session session) {
        return Optional.ofNullable(byId.get(id)).filter(it -> isOf(it, session));
    }

    synchronized void end(Conversation conversation) {
        byId.remove(conversation.id());
        conversation.end();
    }

    /// A conversation that is not kept has something under way.
    void works(Conversation conversation) {
        if (conversation.isModern()) working.add(conversation);
    }

    void rests(Conversation conversation) {
        if (conversation.isModern()) working.remove(conversation);
    }

    /// Ends what a session waits for. Its conversations stay: who goes on in one is told that it was stopped.
    synchronized void stop(String session) {
        for (var all : List.of(byId.values(), working))
            for (var it : all)
                if (it.session().id().equals(session)) it.inFlight().values().forEach(Thread::interrupt);
    }

    private void dropOldest(Session session) {
        byId.values().stream().filter(it -> isOf(it, session)).findFirst().ifPresent(this::end);
    }

    private static boolean isOf(Conversation conversation, Session session) {
        // What its agent was allowed when it began is no longer so: then it begins anew.
        return conversation.session().id().equals(session.id())
                && conversation.session().agent().equals(session.agent());
    }
}
