package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Files of agents: their settings, servers, instructions, keys.
final class AgentFiles {
    /// Strings of one document that are looked at as keys.
    static final int LEAVES = 20_000;

    private final Scene scene;
    private final Servers servers;
    private final Texts texts;

    AgentFiles(Scene scene, Servers servers, Texts texts) {
        this.scene = scene;
        this.servers = servers;
        this.texts = texts;
    }

    void look(Source source, Places.Match match) {
        var agent = scene.agent(match.kind(), match.base());
        scene.found().add("Agent", agent.id(), agent.name(), Map.of("files", List.of(source.name())));
        switch (match.place().holds()) {
            case "settings", "servers", "credentials", "list" -> document(source, match, agent);
            case "environment" -> environment(source, agent);
            case "transcript" -> transcript(source, agent);
            case "subagent" -> subagent(source, match, agent);
            default -> texts.instructions(source, agent);
        }
    }

    private void document(Source source, Places.Match match, Asset agent) {
        var text = source.text();
        List<Json> trees;
        try {
            trees = Document.read(source.name(), text);
        } catch (Unreadable bad) {
            scene.found().unread(source.name(), bad.why());
            scene.judge().weak("EVA-011", agent, source.name(), 1, "");
            return;
        }
        for (var tree : trees) {
            var holds = match.place().holds();
            scene.judge().look(new Subject(holds, match.kind().id(), agent, source.name(), text, List.of(), tree));
            var below = new ArrayList<List<String>>();
            for (var way : match.place().servers())
                for (var place : Tree.at(tree, way)) {
                    below.add(place.path());
                    servers.look(place, source, text, match, agent);
                }
            int keys = keys(tree, new ArrayList<>(), below, source, text, agent, holds);
            mode(source, agent, holds, keys);
        }
    }

    /// Keys in the document, but not in the servers, which are looked at by themselves.
    private int keys(Json value, List<String> path, List<List<String>> without, Source source, String text, Asset agent,
            String holds) {
        if (without.contains(path)) return 0;
        return switch (value) {
            case Json.Obj object -> {
                int keys = 0;
                for (var one : object.members().entrySet()) {
                    path.add(one.getKey());
                    keys += keys(one.getValue(), path, without, source, text, agent, holds);
                    path.removeLast();
                }
                yield keys;
            }
            case Json.Arr array -> {
                int keys = 0;
                for (var item : array.items()) keys += keys(item, path, without, source, text, agent, holds);
                yield keys;
            }
            case Json.Str string -> {
                var name = path.isEmpty() ? "" : path.getLast();
                var type = Secrets.type(name, string.value());
                type.ifPresent(it -> key(it, List.copyOf(path), source, text, agent, holds));
                yield type.isPresent() ? 1 : 0;
            }
            case Json.Num _, Json.Bool _, Json.Null _ -> 0;
        };
    }

    private void key(String type, List<String> path, Source source, String text, Asset agent, String holds) {
        var in = holds.equals("credentials") ? "store" : "settings";
        var place = String.join(".", path);
        var credential = scene.credential(type, source.name(), place, in, agent);
        var tree = Json.object("type", type).with("in", in);
        scene.judge().look(new Subject("credential", "", credential, source.name(), text, path, tree));
    }

    private void mode(Source source, Asset agent, String holds, int keys) {
        if (!scene.machine() && !holds.equals("credentials")) return;
        boolean open = (source.mode() & 0077) != 0;
        var tree = Json.object("holds", holds).with("keys", keys).with("open", Json.of(open));
        scene.judge().look(new Subject("file", "", agent, source.name(), "", List.of(), tree));
    }

    private void environment(Source source, Asset agent) {
        var text = source.text();
        int keys = 0;
        int line = 0;
        for (var one : text.lines().limit(LEAVES).toList()) {
            line++;
            int equals = one.indexOf('=');
            if (equals < 0 || one.stripLeading().startsWith("#")) continue;
            var name = one.substring(0, equals).replaceFirst("^\\s*export\\s+", "").strip();
            var type = Secrets.type(name, one.substring(equals + 1).strip().replaceAll("^[\"']|[\"']$", ""));
            if (type.isEmpty()) continue;
            keys++;
            scene.credential(type.get(), source.name(), name, "environment", agent);
        }
        mode(source, agent, "credentials", keys);
    }

    private void transcript(Source source, Asset agent) {
        for (var key : Secrets.in(source.text())) {
            var credential = scene.credential(key.type(), source.name(), "", "transcript", agent);
            int line = Tree.lineAt(source.text(), key.offset());
            scene.judge().weak("SEC-003", credential, source.name(), line, key.type());
        }
    }

    private void subagent(Source source, Places.Match match, Asset agent) {
        var front = FrontMatter.of(source.text());
        var tree = front.tree();
        scene.judge().look(new Subject(
                "subagent", match.kind().id(), agent, source.name(), source.text(), List.of(), tree));
        texts.instructions(source, agent);
    }
}
