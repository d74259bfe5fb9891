package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.checkpoint.NamedFiles.Seen;
import dev.masugata.model.Action;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which files a server's calls name: those of the directory it is given, under every path that leads to it.
class WorkspaceFilesTest {
    private static final Session SESSION =
            new Session("s-1", new Principal.Agent("coder", "alice", Set.of()), "", Session.Kind.TOKEN);

    @TempDir
    Path base;

    private WorkspaceFiles files;

    @BeforeEach
    void configure() throws Exception {
        base = base.toRealPath();
        Files.createDirectory(base.resolve("real"));
        Files.createSymbolicLink(base.resolve("alias"), Path.of("real"));
        write("one");
        var config = Files.writeString(base.resolve("masugata.yaml"), """
                mcp:
                  servers:
                    some: { command: [/bin/cat, "{workspace}"], dir: "%s/alias" }
                    none: { command: [/bin/cat] }
                """.formatted(base));
        var home = Home.of(Optional.of(base.resolve("home")));
        files = new WorkspaceFiles(ConfigFile.read(config), new Seals(null), home);
    }

    private void write(String text) throws Exception {
        Files.writeString(base.resolve("real/run.sh"), text);
    }

    private Seen look(String server, String name) {
        var params = Json.object("name", "do").with("arguments", Json.object("path", name));
        return files.look(SESSION, new Action.ToolCall(server, "do", params));
    }

    @Test
    void theDirectoryOfAServerIsKnownByEachOfItsPaths() throws Exception {
        for (var name : new String[] {"run.sh", base + "/real/run.sh", base + "/alias/run.sh"}) {
            write("one");
            var before = look("some", name);
            assertEquals(before, look("some", name));
            write("two");
            assertNotEquals(before, look("some", name), name);
        }
    }

    @Test
    void aServerWithoutFilesNamesNone() {
        assertEquals(new Seen.Content(""), look("none", base + "/real/run.sh"));
        assertEquals(new Seen.Content(""), look("some", base + "/other/run.sh"));
        assertEquals(new Seen.Content(""), look("unknown", "run.sh"));
    }

    @Test
    void aDirectoryThatIsGoneIsNotVouchedFor() throws Exception {
        Files.delete(base.resolve("real/run.sh"));
        Files.delete(base.resolve("real"));
        assertEquals(new Seen.Unknown("the server's files cannot be looked at"), look("some", "run.sh"));
    }
}
