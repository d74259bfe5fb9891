package dev.masugata.gates.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.gates.mcp.Methods.Serve;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The table of methods against the schema of MCP 2025-11-25, whose names stand here a second time.
class MethodsTest {
    private static final List<String> CLIENT_REQUESTS = List.of(
            "ping",
            "initialize",
            "completion/complete",
            "logging/setLevel",
            "prompts/get",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "tools/call",
            "tools/list",
            "tasks/get",
            "tasks/result",
            "tasks/list",
            "tasks/cancel");
    private static final List<String> CLIENT_NOTIFICATIONS = List.of(
            "notifications/cancelled",
            "notifications/progress",
            "notifications/initialized",
            "notifications/roots/list_changed",
            "notifications/tasks/status");

    @Test
    void everyMethodOfAClientIsOfOneKind() {
        for (var name : CLIENT_REQUESTS) assertTrue(Methods.of(name).isPresent(), name);
        for (var name : CLIENT_NOTIFICATIONS) assertTrue(Methods.of(name).isPresent(), name);
    }

    @Test
    void whatAServerSendsOrNobodyDoesIsNotInIt() {
        for (var name : List.of(
                "sampling/createMessage", "elicitation/create", "roots/list", "notifications/message", "tools/Call", "tools/call ", "", "x"))
            assertEquals(Optional.empty(), Methods.of(name), name);
    }

    @Test
    void onlyWhatIsBuiltIsServed() {
        var served = CLIENT_REQUESTS.stream()
                .filter(name -> Methods.of(name).orElseThrow().serve() != Serve.NOT_OFFERED)
                .toList();
        assertEquals(List.of("ping", "initialize", "tools/call", "tools/list"), served);
    }
}
