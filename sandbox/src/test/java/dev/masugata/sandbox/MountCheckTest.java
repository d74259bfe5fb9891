package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
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
        for (var system : List.of("/etc", "/etc/ssl", "/usr", "/usr/local", "/bin", "/lib", "/var/lib"))
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
        assertTrue(why(home.toString()).contains("no session may see"));
        assertTrue(why(hidden.toString()).contains("no session may see"));
        assertTrue(MountCheck.refuses(new Bind(home, Path.of("/data"), true), home, List.of()).orElse("")
                .contains("home directory"));
        assertTrue(why(base.toString()).contains("it contains"));
        assertFalse(why(base.toString()).contains(":ro"), "nothing is proposed that is refused then");
        assertEquals(Optional.empty(), refusal(home.resolve("data"), true));
        assertTrue(why(home.resolve("nothing").toString()).contains("does not exist"));
    }

    /// Not even to be read: what lies there is no file but a way out.
    @Test
    void theKernelsAndTheListenersPlacesAreNotShownAtAll() throws Exception {
        Files.createSymbolicLink(base.resolve("proc"), Path.of("/proc/self"));
        for (var way : List.of("/proc", "/proc/self", "/sys", "/sys/fs", "/dev", "/dev/shm", "/run", "/var/run",
                base.resolve("proc").toString())) {
            var said = refusal(Path.of(way), false).orElse("it may");
            assertTrue(said.contains("outside of its seal"), way + ": " + said);
            assertFalse(why(way).contains(":ro"), "nothing is proposed that is refused then");
        }
        assertTrue(refusal(Path.of("/"), false).orElse("").contains("whole machine"));
        assertEquals(Optional.empty(), refusal(home.resolve("data"), false));
    }

    @Test
    void aPlaceThatTheSealCannotMakeIsRefusedBefore() throws Exception {
        var none = new Bind(home.resolve("data"), Path.of("/usr/masugata-none"), false);
        var said = MountCheck.refuses(none, home, List.of()).orElse("it may");
        assertTrue(said.contains("`/usr/masugata-none`") && said.contains("`/mnt/masugata-none`"), said);
        var there = new Bind(home.resolve("data"), Path.of("/usr/local"), false);
        assertEquals(Optional.empty(), MountCheck.refuses(there, home, List.of()));
    }

    @Test
    void aSocketIsFoundHoweverDeepAndPlainFilesAreNone() throws Exception {
        var data = Files.createDirectories(home.resolve("data/in/deep"));
        Files.writeString(data.resolve("plain"), "");
        Files.createSymbolicLink(data.resolve("link"), Path.of("/nonexistent"));
        assertEquals(Optional.empty(), Sockets.exposedBy(home.resolve("data")));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(data.resolve("s")));
            var said = Sockets.exposedBy(home.resolve("data")).orElse("none");
            assertTrue(said.contains("the socket `" + data.resolve("s") + "`"), said);
        }
    }

    @Test
    void pastItsBoundsATreeIsRefused() throws Exception {
        var data = home.resolve("data");
        Files.createDirectories(data.resolve("in/deep"));
        assertEquals(Optional.empty(), Sockets.exposedBy(data, 3, 3));
        assertTrue(Sockets.exposedBy(data, 2, 3).orElse("").contains("more than 2 files"));
        assertTrue(Sockets.exposedBy(data, 3, 2).orElse("").contains("more than 2 directories"));
    }
}
