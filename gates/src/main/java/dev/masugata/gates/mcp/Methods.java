package dev.masugata.gates.mcp;

import dev.masugata.model.Action;
import java.util.Map;
import java.util.Optional;

/// Every method a client may send, and the one kind of action it is. What is not in here is refused.
///
/// Source: MCP 2025-11-25, schema, `ClientRequest` and `ClientNotification`.
final class Methods {
    private Methods() {}

    /// How the gate serves a method.
    enum Serve {
        INITIALIZE, PING, LIST_TOOLS, CALL_TOOL,
        /// A notification about the conversation itself.
        INITIALIZED, CANCELLED,
        /// Known, judged as its kind, and not offered: no server's content of this sort is pinned yet.
        NOT_OFFERED
    }

    record Method(Action.Kind kind, Serve serve) {}

    private static final Map<String, Method> ALL = Map.ofEntries(
            Map.entry("initialize", new Method(Action.Kind.LIFECYCLE, Serve.INITIALIZE)),
            Map.entry("ping", new Method(Action.Kind.LIFECYCLE, Serve.PING)),
            Map.entry("tools/list", new Method(Action.Kind.TOOL_LIST, Serve.LIST_TOOLS)),
            Map.entry("tools/call", new Method(Action.Kind.TOOL_CALL, Serve.CALL_TOOL)),
            Map.entry("notifications/initialized", new Method(Action.Kind.LIFECYCLE, Serve.INITIALIZED)),
            Map.entry("notifications/cancelled", new Method(Action.Kind.LIFECYCLE, Serve.CANCELLED)),
            Map.entry("notifications/progress", new Method(Action.Kind.LIFECYCLE, Serve.NOT_OFFERED)),
            Map.entry("notifications/roots/list_changed", new Method(Action.Kind.LIFECYCLE, Serve.NOT_OFFERED)),
            Map.entry("notifications/tasks/status", new Method(Action.Kind.TASK_OP, Serve.NOT_OFFERED)),
            Map.entry("logging/setLevel", new Method(Action.Kind.LIFECYCLE, Serve.NOT_OFFERED)),
            Map.entry("resources/list", new Method(Action.Kind.RESOURCE_LIST, Serve.NOT_OFFERED)),
            Map.entry("resources/templates/list", new Method(Action.Kind.RESOURCE_LIST, Serve.NOT_OFFERED)),
            Map.entry("resources/read", new Method(Action.Kind.RESOURCE_READ, Serve.NOT_OFFERED)),
            Map.entry("resources/subscribe", new Method(Action.Kind.SUBSCRIBE, Serve.NOT_OFFERED)),
            Map.entry("resources/unsubscribe", new Method(Action.Kind.SUBSCRIBE, Serve.NOT_OFFERED)),
            Map.entry("prompts/list", new Method(Action.Kind.PROMPT_LIST, Serve.NOT_OFFERED)),
            Map.entry("prompts/get", new Method(Action.Kind.PROMPT_GET, Serve.NOT_OFFERED)),
            Map.entry("completion/complete", new Method(Action.Kind.COMPLETE, Serve.NOT_OFFERED)),
            Map.entry("tasks/get", new Method(Action.Kind.TASK_OP, Serve.NOT_OFFERED)),
            Map.entry("tasks/result", new Method(Action.Kind.TASK_OP, Serve.NOT_OFFERED)),
            Map.entry("tasks/list", new Method(Action.Kind.TASK_OP, Serve.NOT_OFFERED)),
            Map.entry("tasks/cancel", new Method(Action.Kind.TASK_OP, Serve.NOT_OFFERED)));

    static Optional<Method> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }
}
