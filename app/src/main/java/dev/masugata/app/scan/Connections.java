package dev.masugata.app.scan;

import dev.masugata.app.Home;
import dev.masugata.scan.AgentKind;
import dev.masugata.scan.Edits;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An agent's configuration, led to the gate and back: one entry for each of the gate's servers.
public final class Connections {
    private final Home home;
    private final AgentKind kind;
    private final AgentKind.Connection connection;
    private final Path file;

    /// @param user the home that the agent keeps its configuration in
    public Connections(Home home, AgentKind kind, AgentKind.Connection connection, Path user) {
        this.home = home;
        this.kind = kind;
        this.connection = connection;
        this.file = user.resolve(connection.file());
    }

    public Path file() {
        return file;
    }

    /// @return empty if nothing had to be changed
    public Optional<Changed> connect(List<String> servers) throws IOException {
        var before = text();
        var after = before;
        for (var server : servers) {
            var path = List.of(connection.at(), server);
            var entry = entry(server);
            if (Edits.has(file.toString(), after, path)) {
                keep(server, after);
                if (ours(after, server)) continue;
                after = removed(after, path);
            }
            after = added(after, path, entry);
        }
        return write(before, after, "connect " + kind.id());
    }

    /// Takes our entries out and puts back what stood there.
    public Optional<Changed> disconnect() throws IOException {
        var before = text();
        var after = before;
        for (var server : members(before)) {
            if (!ours(after, server)) continue;
            var path = List.of(connection.at(), server);
            after = removed(after, path);
            var kept = kept(server);
            if (kept.isPresent()) after = added(after, path, kept.get());
        }
        return write(before, after, "disconnect " + kind.id());
    }

    private String text() throws IOException {
        if (!Files.isRegularFile(file)) return "";
        var text = Files.readString(file);
        if (!text.isBlank() && Edits.tree(file.toString(), text).isEmpty())
            throw new IOException("`" + file + "` cannot be read as what it should be; mend it first");
        return text;
    }

    private List<String> members(String text) {
        return Edits.tree(file.toString(), text).map(it -> it.object(connection.at()).members().keySet().stream()
                .toList())
                .orElse(List.of());
    }

    private Optional<Json.Obj> told(String text, String server) {
        return Edits.tree(file.toString(), text).map(it -> it.object(connection.at()).object(server))
                .filter(it -> !it.members().isEmpty());
    }

    private boolean ours(String text, String server) {
        return told(text, server).filter(it -> it.string("command").orElse("").equals("masugata")).isPresent();
    }

    private Json.Obj entry(String server) {
        var value = (Json.Obj) connection.value();
        var words = new ArrayList<>(value.items("args"));
        words.add(Json.of("--server"));
        words.add(Json.of(server));
        return value.with("args", new Json.Arr(words));
    }

    private String added(String text, List<String> path, Json.Obj entry) throws IOException {
        if (file.toString().endsWith(".toml")) return Edits.table(text, path, entry.members());
        return Edits.set(file.toString(), text, path, entry)
                .orElseThrow(() -> new IOException("`" + file + "` has another form than known"));
    }

    private String removed(String text, List<String> path) throws IOException {
        if (file.toString().endsWith(".toml")) return Edits.withoutTable(text, path);
        return Edits.remove(file.toString(), text, path)
                .orElseThrow(() -> new IOException("`" + file + "` has another form than known"));
    }

    private Path keeping(String server) {
        return home.directory().resolve("connected").resolve(kind.id() + "."
                + server.replaceAll("[^A-Za-z0-9_-]", "_") + ".json");
    }

    private void keep(String server, String text) throws IOException {
        if (ours(text, server)) return;
        var told = told(text, server);
        if (told.isEmpty()) return;
        try {
            home.make();
        } catch (Home.Unusable unusable) {
            throw new IOException(unusable.getMessage());
        }
        Atomic.write(keeping(server), dev.masugata.wire.JsonWriter.text(told.get()), Atomic.OWNER);
    }

    private Optional<Json.Obj> kept(String server) throws IOException {
        var kept = keeping(server);
        return Files.exists(kept) ? Edits.tree(kept.toString(), Files.readString(kept)) : Optional.empty();
    }

    private Optional<Changed> write(String before, String after, String why) throws IOException {
        if (before.equals(after)) return Optional.empty();
        var backup = Backup.of(home, file);
        var mode = Atomic.mode(file);
        Atomic.write(file, after, mode);
        return Optional.of(new Changed(file, backup, why, Difference.of(before, after)));
    }
}
