package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountCheckTest {
    @TempDir
    Path base;

    private Path home;
    private Path hidden;

    @BeforeEach
    void make() throws Exception {
        home = Files.createDirectory(base.resolve("user"));
        hidden = Files.createDirectories(home.resolve(".masugata/sessions"));
        Files.createDirectories(home.resolve("data/in"));
    }

    private Optional<String> refusal(Path source, boolean writable) throws Exception {
        var bind = new Bind(source, Path.of("/data"), writable);
        return MountCheck.refuses(bind, home, List.of(home.resolve(".masugata")));
    }

    private String why(String source) throws Exception {
        return refusal(Path.of(source), true).orElse("it may");
    }

    /// Under any name that leads there; read-only, all of it may be shown.
    @Test
    void systemDirectoriesAreNotMountedWritable() throws Exception {
        for (var system : List.of("/etc", "/etc/ssl", "/usr", "/usr/local", "/bin", "/lib", "/dev", "/proc", "/sys",
                "/var/lib", "/run"))
            assertTrue(why(system).contains("system directory"), system + ": " + why(system));
        assertTrue(why("/").contains("whole machine"));
        assertTrue(why("/var").contains("/var/lib"), "what contains one");
        Files.createSymbolicLink(base.resolve("link"), Path.of("/etc"));
        assertTrue(why(base.resolve("link").toString()).contains("system directory"));
        assertTrue(why("/usr/../etc/.").contains("system directory"));
        assertTrue(why("/etc").contains(":ro"), "it says what works instead");
        assertEquals(Optional.empty(), refusal(Path.of("/etc"), false));
    }

    @Test
    void theHomeAsAWholeIsNotAndADirectoryInItIs() throws Exception {
        assertTrue(why(home.toString()).contains("what no session may see"));
        assertTrue(why(hidden.toString()).contains("what no session may see"));
        assertTrue(MountCheck.refuses(new Bind(home, Path.of("/data"), true), home, List.of()).orElse("")
                .contains("home directory"));
        assertTrue(why(base.toString()).contains("cannot be mounted writable"));
        assertEquals(Optional.empty(), refusal(home.resolve("data"), true));
        assertTrue(why(home.resolve("nothing").toString()).contains("does not exist"));
    }
}
