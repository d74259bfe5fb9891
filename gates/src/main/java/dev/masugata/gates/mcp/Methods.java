package dev.masugata.gates.mcp;

import dev.masugata.model.Action;
import dev.masugata.model.Action.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every method and notification of every revision of MCP, who may send it in which era, and the one kind of action it
/// is. What is not in here is refused, both ways.
///
/// Source: the schemas of 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28.
final class Methods {
    private Methods() {}

    /// How the gate serves what a client sends.
    enum Serve {
        INITIALIZE, PING, DISCOVER, LIST, CALL_TOOL, GET_PROMPT, READ_RESOURCE, COMPLETE, SUBSCRIBE, UNSUBSCRIBE,
                LISTEN,
        SET_LEVEL,
        /// A notification about the conversation itself.
        INITIALIZED, CANCELLED, ROOTS_CHANGED,
        /// Known, judged as its kind, and not offered: no server's content of this sort is bridged.
        NOT_OFFERED
    }

    enum Sender {
        CLIENT, SERVER
    }

    enum Era {
        LEGACY, MODERN, BOTH
    }

    /// @param members what `params` may hold; one that is not in here has an effect that nobody knows
    record Method(Kind kind, Serve serve, Era era, boolean notification, Set<String> members) {
        boolean isOf(boolean modern) {
            return era == Era.BOTH || (era == Era.MODERN) == modern;
        }
    }

    private static final Map<String, Method> CLIENTS = new LinkedHashMap<>();
    /// What a server sends of itself: questions and notifications.
    private static final Map<String, Method> SERVERS = new LinkedHashMap<>();

    static {
        request("initialize", Kind.LIFECYCLE, Serve.INITIALIZE, Era.LEGACY,
                "protocolVersion", "capabilities", "clientInfo");
        request("ping", Kind.LIFECYCLE, Serve.PING, Era.LEGACY);
        request("server/discover", Kind.LIFECYCLE, Serve.DISCOVER, Era.MODERN);
        request("tools/list", Kind.TOOL_LIST, Serve.LIST, Era.BOTH, "cursor");
        request("tools/call", Kind.TOOL_CALL, Serve.CALL_TOOL, Era.BOTH,
                "name", "arguments", "inputResponses", "requestState");
        request("prompts/list", Kind.PROMPT_LIST, Serve.LIST, Era.BOTH, "cursor");
        request("prompts/get", Kind.PROMPT_GET, Serve.GET_PROMPT, Era.BOTH,
                "name", "arguments", "inputResponses", "requestState");
        request("resources/list", Kind.RESOURCE_LIST, Serve.LIST, Era.BOTH, "cursor");
        request("resources/templates/list", Kind.RESOURCE_LIST, Serve.LIST, Era.BOTH, "cursor");
        request("resources/read", Kind.RESOURCE_READ, Serve.READ_RESOURCE, Era.BOTH,
                "uri", "inputResponses", "requestState");
        request("resources/subscribe", Kind.SUBSCRIBE, Serve.SUBSCRIBE, Era.LEGACY, "uri");
        request("resources/unsubscribe", Kind.SUBSCRIBE, Serve.UNSUBSCRIBE, Era.LEGACY, "uri");
        request("subscriptions/listen", Kind.SUBSCRIBE, Serve.LISTEN, Era.MODERN, "notifications");
        request("completion/complete", Kind.COMPLETE, Serve.COMPLETE, Era.BOTH, "ref", "argument", "context");
        request("logging/setLevel", Kind.LIFECYCLE, Serve.SET_LEVEL, Era.LEGACY, "level");
        // Tasks: those of 2025-11-25, and of the extension that came after them. Their ids would be keys to results.
        for (var task : Set.of("tasks/get", "tasks/result", "tasks/list", "tasks/cancel"))
            request(task, Kind.TASK_OP, Serve.NOT_OFFERED, Era.BOTH, "taskId", "cursor");
        request("tasks/update", Kind.TASK_OP, Serve.NOT_OFFERED, Era.MODERN, "taskId");
        told("notifications/initialized", Kind.LIFECYCLE, Serve.INITIALIZED, Era.LEGACY);
        told("notifications/cancelled", Kind.LIFECYCLE, Serve.CANCELLED, Era.BOTH);
        told("notifications/roots/list_changed", Kind.LIFECYCLE, Serve.ROOTS_CHANGED, Era.LEGACY);
        told("notifications/progress", Kind.LIFECYCLE, Serve.NOT_OFFERED, Era.LEGACY);
        told("notifications/tasks/status", Kind.TASK_OP, Serve.NOT_OFFERED, Era.LEGACY);

        asks("ping", Kind.LIFECYCLE, Era.LEGACY);
        asks("sampling/createMessage", Kind.SAMPLE, Era.BOTH);
        asks("elicitation/create", Kind.ELICIT, Era.BOTH);
        asks("roots/list", Kind.ELICIT, Era.BOTH);
        for (var task : Set.of("tasks/get", "tasks/result", "tasks/list", "tasks/cancel"))
            asks(task, Kind.TASK_OP, Era.LEGACY);
        says("notifications/progress", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/message", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/cancelled", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/tools/list_changed", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/prompts/list_changed", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/resources/list_changed", Kind.LIFECYCLE, Era.BOTH);
        says("notifications/resources/updated", Kind.SUBSCRIBE, Era.BOTH);
        says("notifications/elicitation/complete", Kind.ELICIT, Era.LEGACY);
        says("notifications/tasks/status", Kind.TASK_OP, Era.LEGACY);
        says("notifications/subscriptions/acknowledged", Kind.SUBSCRIBE, Era.MODERN);
    }

    private static void request(String name, Kind kind, Serve serve, Era era, String... members) {
        CLIENTS.put(name, new Method(kind, serve, era, false, Set.of(members)));
    }

    private static void told(String name, Kind kind, Serve serve, Era era) {
        CLIENTS.put(name, new Method(kind, serve, era, true, Set.of()));
    }

    private static void asks(String name, Kind kind, Era era) {
        SERVERS.put(name, new Method(kind, Serve.NOT_OFFERED, era, false, Set.of()));
    }

    private static void says(String name, Kind kind, Era era) {
        SERVERS.put(name, new Method(kind, Serve.NOT_OFFERED, era, true, Set.of()));
    }

    /// What a client sends under that name.
    static Optional<Method> of(String name) {
        return Optional.ofNullable(CLIENTS.get(name));
    }

    /// What a client sends under that name in that era.
    static Optional<Method> of(String name, boolean modern) {
        return of(name).filter(it -> it.isOf(modern));
    }

    /// What a server sends under that name.
    static Optional<Method> ofServer(String name) {
        return Optional.ofNullable(SERVERS.get(name));
    }

    /// The kind of action that a method of a client is.
    static Action.Kind kind(String name) {
        return of(name).orElseThrow().kind();
    }
}
