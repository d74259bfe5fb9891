package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.checkpoint.NamedFiles;
import dev.masugata.model.Action;
import dev.masugata.model.Session;
import dev.masugata.sandbox.MergedFiles;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The content of the files that a tool call names, as its server will see them: the session's changes above the real
/// workspace. An approval to run a script is for this script, not for what the agent makes of it meanwhile.
final class WorkspaceFiles implements NamedFiles {
    private static final System.Logger LOG = System.getLogger("masugata.files");

    private final Config config;
    private final Seals seals;
    private final Home home;

    WorkspaceFiles(Config config, Seals seals, Home home) {
        this.config = config;
        this.seals = seals;
        this.home = home;
    }

    @Override
    public Seen look(Session session, Action action) {
        if (!(action instanceof Action.ToolCall call)) return new Seen.Content("");
        var entry = config.servers().get(call.server());
        if (entry == null) return new Seen.Content("");
        var places = new ArrayList<CallFiles.Place>();
        try {
            open(session, entry, places);
            return CallFiles.look(places, call.arguments());
        } catch (IOException unreadable) {
            LOG.log(Level.WARNING, "the files of server `" + call.server() + "` cannot be looked at", unreadable);
            return new Seen.Unknown("the server's files cannot be looked at");
        } finally {
            places.forEach(place -> place.files().close());
        }
    }

    /// What the server is shown that a session can change, the directory of relative names first.
    private void open(Session session, ServerEntry entry, List<CallFiles.Place> places) throws IOException {
        var workspace = seals.workspace(session);
        if (workspace.isPresent() && (entry.usesWorkspace() || entry.dir().isPresent())) {
            var layer = home.directory().resolve("sessions").resolve(session.id()).resolve("upper");
            add(workspace.get(), Optional.of(layer), places);
        } else if (entry.dir().isPresent()) add(entry.dir().get(), Optional.empty(), places);
        for (var read : entry.read()) add(read, Optional.empty(), places);
    }

    /// Under the path that configuration names and under the real one: a seal shows it at one of them.
    private static void add(Path at, Optional<Path> layer, List<CallFiles.Place> places) throws IOException {
        var real = at.toRealPath();
        places.add(new CallFiles.Place(real.toString(), MergedFiles.open(real, layer)));
        if (!real.equals(at)) places.add(new CallFiles.Place(at.toString(), MergedFiles.open(real, layer)));
    }
}
