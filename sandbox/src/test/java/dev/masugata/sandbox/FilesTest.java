package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// What of the machine's files a sealed process sees and can change. Numbers: the probe list of the sandbox research.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesTest {
    private static final String ENOENT = "No such file or directory";

    private Bench bench;
    private SealedSession session;
    private Path canary;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
        Files.writeString(bench.workspace.resolve("real.txt"), "real\n");
        Files.writeString(bench.workspace.resolve("private.txt"), "private\n");
        Files.setPosixFilePermissions(
                bench.workspace.resolve("private.txt"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(bench.outside.resolve("secret.txt"), "secret\n");
        canary = Files.writeString(Path.of(System.getProperty("user.home"), ".masugata-canary"), "canary\n");
        session = bench.session();
    }

    @AfterAll
    void close() throws Exception {
        Files.deleteIfExists(canary);
        bench.close();
    }

    private Bench.Said say(String script) throws Exception {
        return Bench.say(session, script);
    }

    private void absent(String path) throws Exception {
        var said = say("cat '" + path + "'");
        assertEquals(1, said.code(), path);
        assertTrue(said.err().contains(ENOENT), said.err());
    }

    /// Probe 1: names are hidden too, so not "permission denied".
    @Test
    void nothingOfTheHomeIsVisible() throws Exception {
        absent(canary.toString());
        assertEquals("", say("ls -A ~").out());
        assertEquals("gone\n", say("echo mine > ~/.x && rm ~/.x && echo gone").out());
    }

    @Test
    void nothingOfMasugataIsVisible() throws Exception {
        absent(bench.home.toString());
        absent(bench.home + "/sessions");
        absent(bench.base + "/installation");
        assertEquals("work space, 1:2\n", say("ls -A " + bench.base).out());
    }

    @Test
    void theWorkspaceStandsAtItsOwnPath() throws Exception {
        assertEquals(
                bench.workspace + "\nreal\nprivate\n",
                say("pwd; cat real.txt private.txt").out());
        assertEquals(bench.workspace + "\n", say("readlink -f .").out());
    }

    @Test
    void aWriteStaysInTheSession() throws Exception {
        assertEquals(
                0,
                say("echo changed > real.txt; echo new > new.txt; mkdir d; rm private.txt")
                        .code());
        assertEquals(
                "changed\nnew\n",
                say("cat real.txt new.txt; ls private.txt 2>/dev/null").out());
        assertEquals("real\n", Files.readString(bench.workspace.resolve("real.txt")));
        assertFalse(Files.exists(bench.workspace.resolve("new.txt")));
        assertEquals("private\n", Files.readString(bench.workspace.resolve("private.txt")));
        say("rm -rf new.txt d; echo real > real.txt; (umask 077; echo private > private.txt)");
    }

    /// Probe 3.
    @Test
    void onlyGivenNamesAreInTheEnvironment() throws Exception {
        assertTrue(System.getenv().containsKey("MASUGATA_CANARY"), "the gate's own environment holds a canary");
        var said = Bench.say(session, "env -0 | cut -z -d= -f1 | tr '\\0' '\\n' | sort", Map.of("GIVEN", "x y\nz"));
        assertEquals(
                List.of("GIVEN", "HOME", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER"),
                said.out().lines().toList());
        var everywhere = say("cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'")
                .out();
        assertFalse(everywhere.contains("canary"), everywhere);
        assertFalse(everywhere.contains(bench.home.toString()), everywhere);
    }

    /// A value must not show in the host's process list either.
    @Test
    void environmentValuesAreInNoCommandLine() throws Exception {
        var process = session.start(SealSpec.agent(List.of("cat"), Map.of("TOKEN", "tok-5ba1e7")));
        assertEquals(List.of(), Bench.processesWith("tok-5ba1e7"));
        assertEquals(0, Bench.say(process).code());
        assertEquals(
                "tok-5ba1e7\n",
                Bench.say(session, "echo $TOKEN", Map.of("TOKEN", "tok-5ba1e7")).out());
    }

    /// Probes 4, 5 and 6.
    @Test
    void linksLeadNowhereOutside() throws Exception {
        var secret = bench.outside.resolve("secret.txt");
        assertTrue(say("ln -s /etc/shadow s; cat s").err().contains(ENOENT));
        assertTrue(say("ln -s " + canary.getParent() + " h; ls -A h").out().isEmpty());
        assertTrue(say("ln -s " + bench.outside + " d; echo x > d/f").code() != 0);
        assertTrue(say("ln " + secret + " h2").err().contains(ENOENT));
        assertEquals(List.of("secret.txt"), names(bench.outside));
        assertEquals(
                "real\n", say("ln -s real.txt ok; cat ok; rm -f s h d ok h2").out());
    }

    private static List<String> names(Path directory) throws Exception {
        try (var all = Files.list(directory)) {
            return all.map(it -> it.getFileName().toString()).toList();
        }
    }

    /// Probe 8.
    @Test
    void procLeadsToTheSealAlone() throws Exception {
        assertEquals(
                "masugata\nmasugata\n",
                say("cat /proc/1/root/etc/hostname /proc/self/root/etc/hostname")
                        .out());
        assertTrue(say("cat /proc/self/cwd/../outside/secret.txt").err().contains(ENOENT));
        assertTrue(say("cat /proc/1/root" + canary).err().contains(ENOENT));
    }

    /// Probe 9.
    @Test
    void onlyThreeDescriptorsAreInherited() throws Exception {
        assertEquals("0\n1\n2\n", say("ls /proc/$$/fd").out());
        var first = say("ls -l /proc/1/fd").out();
        assertFalse(first.contains(bench.base.toString()) || first.contains("memfd"), first);
    }

    /// Probes 10 and 13.
    @Test
    void neitherDevicesNorMounts() throws Exception {
        assertTrue(say("mknod b b 8 0").err().contains("Operation not permitted"));
        for (var attempt :
                List.of("mount -o remount,rw /usr", "umount /usr", "mount -t tmpfs none /tmp", "mount --bind / /tmp"))
            assertTrue(say(attempt).code() != 0, attempt);
        assertTrue(say("touch /usr/x").err().contains("Read-only"));
        assertTrue(say("touch /x").err().contains("Read-only"));
        assertTrue(say("touch /etc/x; touch /etc/alternatives/x").err().contains("Read-only"));
        assertEquals(
                0,
                say("for d in /tmp /var/tmp /dev/shm ~ .; do touch $d/x && rm $d/x || exit 1; done")
                        .code());
    }

    @Test
    void etcTellsNothingOfOtherUsers() throws Exception {
        assertEquals(3, say("cat /etc/passwd").out().lines().count());
        for (var hidden : List.of("/etc/shadow", "/etc/ssh", "/etc/gitconfig", "/etc/environment", "/etc/sudoers"))
            absent(hidden);
        assertEquals("", say("id -un > /dev/null").err());
    }

    @Test
    void bindsShowWhatWasAskedAndNoMore() throws Exception {
        var target = Path.of("/mnt/given");
        var spec = SealSpec.agent(
                        List.of(
                                "sh",
                                "-c",
                                "cat " + bench.outside + "/secret.txt; echo x > /mnt/given/w; echo y > " + bench.outside
                                        + "/r"),
                        Map.of())
                .with(List.of(Bind.read(bench.outside), new Bind(bench.outside, target, true)));
        var said = Bench.say(session.start(spec));
        assertEquals("secret\n", said.out());
        assertTrue(said.err().contains("Read-only"), said.err());
        assertEquals("x\n", Files.readString(bench.outside.resolve("w")));
        Files.delete(bench.outside.resolve("w"));
    }

    @Test
    void noBindExposesMasugata() throws Exception {
        var link = Files.createSymbolicLink(bench.outside.resolve("link"), bench.home);
        for (var shown : List.of(
                bench.base,
                bench.home,
                bench.home.resolve("sessions"),
                link,
                bench.base.resolve("installation"),
                Path.of("/")))
            for (var bind :
                    List.of(new Bind(shown, Path.of("/mnt/x"), false), new Bind(shown, Path.of("/mnt/x"), true))) {
                var spec = SealSpec.agent(List.of("true"), Map.of()).with(List.of(bind));
                var refused = assertThrows(SealException.class, () -> session.start(spec), shown.toString());
                assertTrue(refused.getMessage().contains("cannot be shown"), refused.getMessage());
            }
        Files.delete(link);
        assertThrows(IllegalArgumentException.class, () -> new Bind(bench.outside, Path.of("/proc/x"), true));
        assertThrows(IllegalArgumentException.class, () -> new Bind(bench.outside, Path.of("/a/../etc"), true));
    }

    /// The tools that people work with, where the machine has them.
    @Test
    void ordinaryToolsWork() throws Exception {
        assertEquals("3\n", say("printf 'a\\nb\\nc\\n' | sort | wc -l").out());
        assertEquals(
                "?? f\n",
                say("mkdir g && cd g && git init -q . && echo x > f && git status --short")
                        .out());
        assertEquals(
                0,
                say("cd g && git add f && git -c user.name=a -c user.email=a@b commit -qm x && git log --oneline")
                        .code());
        if (Files.exists(Path.of("/usr/bin/python3")))
            assertEquals("45\n", say("python3 -c 'print(sum(range(10)))'").out());
        if (Files.exists(Path.of("/usr/bin/node")))
            assertEquals(
                    "45\n",
                    say("node -e 'console.log([...Array(10).keys()].reduce((a, b) => a + b))'")
                            .out());
        assertEquals("ok\n", say("perl -e 'print \"ok\\n\"'; rm -rf g").out());
        assertEquals(
                "to out\nto err\n",
                say("echo to out > /dev/stdout; echo to err > /dev/stderr; cat 2>&1")
                                .out()
                        + say("echo to err > /dev/stderr").err());
    }

    /// A socket of the file system is in no network namespace: whoever sees it reaches who listens there.
    @Test
    void noSocketOfTheHostIsShown() throws Exception {
        var shown = Files.createDirectories(bench.base.resolve("shown/deep"));
        Files.writeString(shown.resolve("f"), "plain\n");
        var spec = SealSpec.agent(List.of("cat", shown + "/f"), Map.of())
                .with(List.of(Bind.read(bench.base.resolve("shown"))));
        assertEquals("plain\n", Bench.say(session.start(spec)).out());
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(shown.resolve("s")));
            var refused = assertThrows(SealException.class, () -> session.start(spec));
            assertTrue(String.valueOf(refused.getMessage()).contains("holds the socket `" + shown + "/s`"));
        }
        for (var way : List.of("/proc", "/sys", "/dev", "/run")) {
            var bind = new Bind(Path.of(way), Path.of("/mnt/way"), false);
            assertThrows(SealException.class, () -> session.start(spec.with(List.of(bind))), way);
        }
    }
}
