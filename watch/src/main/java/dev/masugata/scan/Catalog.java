package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the house knows of agents and of what can be wrong with them: `catalog/checks` and `catalog/agents`, as data.
public final class Catalog {
    private static final List<String> CHECKS =
            List.of("settings", "gateways", "servers", "skills", "hidden", "code", "packages", "models", "workloads");
    private static final List<String> AGENTS = List.of(
            "claude", "codex", "cursor", "vscode", "gemini", "openclaw", "opencode", "windsurf", "cline",
            "zed", "claude-desktop");

    private static final Catalog SHIPPED = new Catalog(read());

    private final List<Check> checks;
    private final Map<String, List<Check>> byKind = new HashMap<>();
    private final Map<String, Check> byId = new HashMap<>();

    private Catalog(List<Check> checks) {
        this.checks = List.copyOf(checks);
        var ids = new HashSet<String>();
        for (var check : checks) {
            if (!ids.add(check.id())) throw new IllegalArgumentException("two checks are `" + check.id() + "`");
            byId.put(check.id(), check);
            for (var kind : check.on()) byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(check);
        }
    }

    public static Catalog shipped() {
        return SHIPPED;
    }

    public List<Check> checks() {
        return checks;
    }

    public Optional<Check> check(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<Check> on(String kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    private static List<Check> read() {
        var checks = new ArrayList<Check>();
        for (var name : CHECKS)
            for (var one : entries(name)) checks.add(Check.of(one));
        return checks;
    }

    /// The entries of one file as they are written, with their samples.
    static List<Json.Obj> entries(String name) {
        var list = (Json.Obj) yaml("checks/" + name + ".yaml");
        return list.items("checks").stream().map(it -> (Json.Obj) it).toList();
    }

    static List<String> files() {
        return CHECKS;
    }

    static Json yaml(String name) {
        try {
            return Document.yaml(text(name)).getFirst();
        } catch (Unreadable bad) {
            throw new IllegalStateException("catalog/" + name + ": " + bad.why(), bad);
        }
    }

    static List<Json.Obj> agents() {
        return AGENTS.stream().map(it -> json("agents/" + it + ".json")).toList();
    }

    static Json.Obj json(String name) {
        try {
            return (Json.Obj) Document.json(text(name));
        } catch (Unreadable bad) {
            throw new IllegalStateException("catalog/" + name + ": " + bad.why(), bad);
        }
    }

    private static String text(String name) {
        try (var in = Catalog.class.getResourceAsStream("/catalog/" + name)) {
            if (in == null) throw new IllegalStateException("catalog/" + name + " is not there");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
