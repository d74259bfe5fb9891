package dev.masugata.gates.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.gates.mcp.Methods.Serve;
import dev.masugata.model.Action;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The table of methods against the schemas of the revisions, whose names stand here a second time.
class MethodsTest {
    private static final List<String> LEGACY_REQUESTS = List.of(
            "ping", "initialize", "completion/complete", "logging/setLevel", "prompts/get", "prompts/list",
            "resources/list", "resources/templates/list", "resources/read", "resources/subscribe",
            "resources/unsubscribe", "tools/call", "tools/list", "tasks/get", "tasks/result", "tasks/list",
            "tasks/cancel");
    private static final List<String> LEGACY_NOTIFICATIONS = List.of(
            "notifications/cancelled", "notifications/progress", "notifications/initialized",
            "notifications/roots/list_changed", "notifications/tasks/status");
    private static final List<String> MODERN_REQUESTS = List.of(
            "server/discover", "tools/list", "tools/call", "resources/list", "resources/templates/list",
            "resources/read", "prompts/list", "prompts/get", "completion/complete", "subscriptions/listen");
    private static final List<String> SERVERS = List.of(
            "ping", "sampling/createMessage", "elicitation/create", "roots/list", "tasks/get", "tasks/result",
            "tasks/list", "tasks/cancel", "notifications/cancelled", "notifications/progress",
            "notifications/message", "notifications/resources/updated", "notifications/resources/list_changed",
            "notifications/tools/list_changed", "notifications/prompts/list_changed",
            "notifications/elicitation/complete", "notifications/tasks/status",
            "notifications/subscriptions/acknowledged");

    @Test
    void everyMethodOfARevisionWithAHandshakeIsOfOneKind() {
        for (var name : LEGACY_REQUESTS) assertFalse(Methods.of(name, false).orElseThrow().notification(), name);
        for (var name : LEGACY_NOTIFICATIONS) assertTrue(Methods.of(name, false).orElseThrow().notification(), name);
    }

    @Test
    void everyModernMethodIsOfOneKind() {
        for (var name : MODERN_REQUESTS) assertFalse(Methods.of(name, true).orElseThrow().notification(), name);
    }

    @Test
    void whatOneEraDoesNotKnowIsNotServedInIt() {
        for (var name : List.of("initialize", "ping", "logging/setLevel", "resources/subscribe",
                "resources/unsubscribe", "notifications/initialized", "notifications/roots/list_changed"))
            assertEquals(Optional.empty(), Methods.of(name, true), name);
        for (var name : List.of("server/discover", "subscriptions/listen"))
            assertEquals(Optional.empty(), Methods.of(name, false), name);
    }

    @Test
    void everythingThatAServerSendsIsInTheTable() {
        for (var name : SERVERS) assertTrue(Methods.ofServer(name).isPresent(), name);
        assertEquals(Optional.empty(), Methods.ofServer("tools/call"));
    }

    @Test
    void unknownMethodsAreInNoTable() {
        for (var name : List.of("", "tools/Call", "tools/call ", "rpc.discover", "notifications/unknown", "__proto__"))
            assertEquals(Optional.empty(), Methods.of(name), name);
    }

    @Test
    void kindsAreWhatTheWordsSay() {
        Map.of("tools/call", Action.Kind.TOOL_CALL, "resources/read", Action.Kind.RESOURCE_READ, "prompts/get",
                        Action.Kind.PROMPT_GET, "completion/complete", Action.Kind.COMPLETE, "resources/subscribe",
                        Action.Kind.SUBSCRIBE, "subscriptions/listen", Action.Kind.SUBSCRIBE, "tasks/get",
                        Action.Kind.TASK_OP)
                .forEach((name, kind) -> assertEquals(kind, Methods.kind(name), name));
        assertEquals(Action.Kind.SAMPLE, Methods.ofServer("sampling/createMessage").orElseThrow().kind());
        assertEquals(Action.Kind.ELICIT, Methods.ofServer("elicitation/create").orElseThrow().kind());
    }

    @Test
    void tasksAreNotBridged() {
        for (var name : List.of("tasks/get", "tasks/result", "tasks/list", "tasks/cancel"))
            assertEquals(Serve.NOT_OFFERED, Methods.of(name).orElseThrow().serve(), name);
    }
}
