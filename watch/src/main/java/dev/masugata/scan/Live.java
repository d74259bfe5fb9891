package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What runs and listens: agents outside a seal, keys in environments, gateways and engines that can be reached.
final class Live {
    private static final Set<String> INTERPRETERS = Set.of("node", "bun", "deno", "python", "python3", "sh", "bash");

    private final Scene scene;

    Live(Scene scene) {
        this.scene = scene;
    }

    void look(Machine machine) {
        for (var key : machine.environment()) environment(key, scene.owner(), "environment");
        var agents = new HashMap<Long, AgentKind>();
        for (var one : machine.running()) kind(one).ifPresent(kind -> {
            agents.put(one.pid(), kind);
            running(one, kind);
        });
        for (var one : machine.listening()) {
            var kind = Optional.ofNullable(agents.get(one.pid())).or(() -> gateway(one));
            listening(one, kind);
        }
    }

    private void environment(Machine.Named key, Asset holder, String in) {
        var credential = scene.credential(key.type(), in.equals("process") ? holder.name() : "", key.name(), in,
                holder);
        var tree = Json.object("type", key.type()).with("in", in);
        scene.judge().look(new Subject("credential", "", credential, "", "", List.of(key.name()), tree));
    }

    static Optional<AgentKind> kind(Machine.Running running) {
        for (int i = 0; i < Math.min(2, running.command().size()); i++) {
            var word = running.command().get(i);
            var leaf = leaf(word);
            if (i > 0 && !INTERPRETERS.contains(leaf(running.command().getFirst()))) break;
            for (var kind : AgentKind.shipped()) {
                if (kind.commands().contains(leaf)) return Optional.of(kind);
                for (var name : kind.packages()) if (word.contains("/node_modules/" + name + "/")) return Optional.of(
                        kind);
            }
        }
        return Optional.empty();
    }

    private static String leaf(String word) {
        return word.substring(word.lastIndexOf('/') + 1).replaceFirst("\\.(?:[mc]?js|exe)$", "");
    }

    private void running(Machine.Running running, AgentKind kind) {
        var process = scene.found().add("Process", "process:" + kind.id() + ":" + running.pid(), kind.name() + " "
                + running.pid(),
                Map.of("agent", kind.id(), "pid", running.pid(), "sealed", running.sealed(), "directory",
                        running.directory()));
        scene.found().relate("RUNS", scene.owner().id(), process.id());
        for (var agent : scene.found().assets("Agent"))
            if (kind.id().equals(agent.attributes().get("agent"))) scene.found()
                    .relate("RUNS", agent.id(), process.id());
        for (var key : running.keys()) environment(key, process, "process");
        var tree = Json.object("agent", kind.id()).with("sealed", Json.of(running.sealed()));
        scene.judge().look(new Subject("process", kind.id(), process, "", "", List.of(), tree));
    }

    /// By its usual port, where the process is another user's.
    private static Optional<AgentKind> gateway(Machine.Listening one) {
        return AgentKind.shipped().stream().filter(it -> it.port() == one.port()).findFirst();
    }

    private void listening(Machine.Listening one, Optional<AgentKind> kind) {
        var engine = kind.map(AgentKind::name).orElseGet(() -> Engines.at(one.port()));
        if (engine.isEmpty()) return;
        boolean open = !one.address().startsWith("127.") && !one.address().equals("::1");
        var endpoint = scene.found().add("Endpoint", "endpoint:" + one.address() + ":" + one.port(), one.address()
                + ":" + one.port(),
                Map.of("port", (long) one.port(), "address", one.address(), "engine", engine, "open", open));
        scene.found().relate("EXPOSES", scene.owner().id(), endpoint.id());
        var auth = kind.map(this::auth).orElse("unknown");
        kind.ifPresent(it -> agents(it, endpoint));
        var tree = Json.object("engine", engine).with("open", Json.of(open)).with("auth", auth)
                .with("agent", Json.of(kind.isPresent()));
        scene.judge().look(new Subject(
                "listener", kind.map(AgentKind::id).orElse(""), endpoint, "", "", List.of(), tree));
    }

    private void agents(AgentKind kind, Asset endpoint) {
        for (var agent : scene.found().assets("Agent"))
            if (kind.id().equals(agent.attributes().get("agent")))
                scene.found().relate("EXPOSES", agent.id(), endpoint.id());
    }

    /// How its configuration lets callers in, if one was found.
    private String auth(AgentKind kind) {
        return scene.found().assets("Agent").stream()
                .filter(it -> kind.id().equals(it.attributes().get("agent")))
                .map(it -> String.valueOf(it.attributes().getOrDefault("auth", "none")))
                .findFirst().orElse("unknown");
    }
}
