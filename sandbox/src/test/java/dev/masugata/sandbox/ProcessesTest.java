package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a sealed process can do to other processes and to the kernel.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessesTest {
    private static final int SIGSYS = 128 + 31;

    private Bench bench;
    private SealedSession session;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
        session = bench.session();
    }

    @AfterAll
    void close() throws Exception {
        bench.close();
    }

    private Bench.Said say(String script) throws Exception {
        return Bench.say(session, script);
    }

    @Test
    void exitCodesAreThoseOfAShell() throws Exception {
        assertEquals(0, say("true").code());
        assertEquals(7, say("exit 7").code());
        assertEquals(128 + 15, say("kill -TERM $$").code());
        var missing = Bench.say(session.start(SealSpec.agent(List.of("no-such-program"), Map.of())));
        assertEquals(127, missing.code());
        assertEquals("masugata: `no-such-program` was not found inside the seal\n", missing.err());
        assertEquals(
                127,
                Bench.say(session.start(SealSpec.agent(List.of("./absent"), Map.of())))
                        .code());
        Files.writeString(bench.workspace.resolve("plain"), "text");
        assertEquals(
                126,
                Bench.say(session.start(SealSpec.agent(List.of("./plain"), Map.of())))
                        .code());
    }

    /// Arguments are passed as they are: no shell reads them again.
    @Test
    void argumentsArriveUnchanged() throws Exception {
        var odd = List.of("printf", "%s|", "a b", "", "$(id)", "`id`", "'\"\\", "*", "-n", "枡形", "line\nbreak");
        assertEquals(
                "a b||$(id)|`id`|'\"\\|*|-n|枡形|line\nbreak|",
                Bench.say(session.start(SealSpec.agent(odd, Map.of()))).out());
    }

    /// Probe 42.
    @Test
    void otherProcessesAreOutOfReach() throws Exception {
        var victim = new ProcessBuilder("sleep", "60").start();
        try {
            var said = say("kill -9 " + victim.pid() + "; kill -9 -1; echo survived");
            assertTrue(said.err().contains("No such process"), said.err());
            assertTrue(victim.isAlive());
        } finally {
            victim.destroyForcibly().waitFor();
        }
        // The first process of the seal, the shell and what it started.
        assertTrue(say("ls -d /proc/[0-9]* | wc -l").out().strip().length() == 1);
        assertEquals("ended\n", say("sleep 60 & kill $!; wait $! || echo ended").out());
    }

    /// Probes 43, 47 and 48: every denied call answers EPERM, whatever its arguments.
    @Test
    void deniedCallsAnswerNotPermitted() throws Exception {
        var denied = Seccomp.denied(UnsafeKernel.ARCH);
        assertTrue(denied.size() > 50);
        var numbers = denied.stream().map(String::valueOf).collect(Collectors.joining(","));
        var said = say("perl -e 'for my $n (" + numbers + ") { $! = 0; my $r = syscall($n, 0, 0, 0, 0, 0, 0);"
                + " print \"$n: \", $r, \" \", $!+0, \"\\n\" unless $r == -1 && $! == 1; }'");
        assertEquals("", said.out());
        assertEquals(0, said.code(), said.err());
    }

    /// Without the filter the same calls reach the kernel: the test above can fail.
    @Test
    void withoutTheFilterTheyReachTheKernel() throws Exception {
        var harmless = List.of(Call.IO_URING_SETUP, Call.KEYCTL, Call.BPF, Call.PROCESS_VM_READV, Call.ADD_KEY);
        var numbers = harmless.stream()
                .map(it -> String.valueOf(it.on(UnsafeKernel.ARCH)))
                .collect(Collectors.joining(","));
        var said = Bench.host(
                "/usr/bin/setpriv",
                "--inh-caps",
                "-all",
                "--ambient-caps",
                "-all",
                "bwrap",
                "--unshare-user",
                "--uid",
                "1000",
                "--cap-drop",
                "ALL",
                "--ro-bind",
                "/",
                "/",
                "--dev",
                "/dev",
                "perl",
                "-e",
                "for my $n (" + numbers + ") { $! = 0; syscall($n, 0, 0, 0, 0, 0, 0); print $!+0, \" \"; }");
        assertEquals(0, said.code(), said.err());
        assertNotEquals("1 1 1 1 1 ", said.out());
    }

    /// Probe 48.
    @Test
    void noNewNamespaces() throws Exception {
        var clone = Call.CLONE.on(UnsafeKernel.ARCH);
        var clone3 = Call.CLONE3.on(UnsafeKernel.ARCH);
        assertEquals(
                "1 38",
                say("perl -e 'syscall(" + clone + ", 0x10000011, 0, 0, 0, 0); print $!+0, \" \";" + " syscall(" + clone3
                                + ", 0, 0); print $!+0'")
                        .out());
        assertTrue(say("unshare -Ur true").code() != 0);
        assertTrue(say("bwrap --ro-bind / / true").code() != 0);
        assertEquals(
                "forked\n",
                say("perl -e 'my $p = fork; exit if !$p; wait; print \"forked\\n\"'")
                        .out());
    }

    @Test
    void onlyThreeFamiliesOfSockets() throws Exception {
        var said = say("perl -e 'use Socket; for my $f (1, 2, 10, 16, 17, 38, 40, 15) {"
                + " print $f, socket(my $s, $f, $f == 17 || $f == 16 ? 3 : 1, 0) ? \" ok,\" : \" \".($!+0).\",\" }'");
        assertEquals("1 ok,2 ok,10 ok,16 1,17 1,38 1,40 1,15 1,", said.out());
    }

    /// Probe 49.
    @Test
    void callsOfOtherArchitecturesEndTheProcess() throws Exception {
        if (UnsafeKernel.ARCH != Call.Arch.X86_64) return;
        assertEquals(SIGSYS, say("perl -e 'syscall(0x40000000 + 39)'").code());
        var program = Files.write(bench.workspace.resolve("i386"), i386());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        // 42 by itself where the kernel runs such programs; then the seal must end it.
        if (Bench.host("sh", "-c", "'" + program + "'").code() == 42)
            assertEquals(SIGSYS, say("./i386").code());
    }

    /// The smallest 32-bit program: `exit(42)` by `int 0x80`.
    private static byte[] i386() {
        var code = new byte[] {(byte) 0xb8, 1, 0, 0, 0, (byte) 0xbb, 42, 0, 0, 0, (byte) 0xcd, (byte) 0x80};
        var elf = ByteBuffer.allocate(84 + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
        elf.putShort((short) 2)
                .putShort((short) 3)
                .putInt(1)
                .putInt(0x08048054)
                .putInt(52)
                .putInt(0)
                .putInt(0);
        elf.putShort((short) 52)
                .putShort((short) 32)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        elf.putInt(1)
                .putInt(0)
                .putInt(0x08048000)
                .putInt(0x08048000)
                .putInt(84 + code.length)
                .putInt(84 + code.length)
                .putInt(5)
                .putInt(0x1000);
        return elf.put(code).array();
    }

    /// Probes 51 and 52.
    @Test
    void noPrivilegesAndNoCores() throws Exception {
        var status = say("cat /proc/self/status").out();
        for (var line : List.of(
                "CapEff:\t0000000000000000",
                "CapBnd:\t0000000000000000",
                "CapInh:\t0000000000000000",
                "CapAmb:\t0000000000000000",
                "NoNewPrivs:\t1",
                "Seccomp:\t2")) assertTrue(status.contains(line), line);
        assertEquals("0\n", say("ulimit -c").out());
        assertNotEquals("0\n", say("id -u").out());
        assertTrue(say("su -c id").code() != 0);
        assertTrue(Integer.parseInt(say("ulimit -n").out().strip()) <= 65536);
    }

    /// The seal's own first process too: it would be the next best one to take over.
    @Test
    void everyProcessInsideIsBare() throws Exception {
        var said =
                say("for p in /proc/[0-9]*; do echo $(grep -E '^(CapEff|NoNewPrivs|Seccomp):' $p/status | tr -s '\\t' '"
                        + " '); done | sort -u");
        assertEquals("CapEff: 0000000000000000 NoNewPrivs: 1 Seccomp: 2\n", said.out());
        assertTrue(say("echo x > /proc/1/mem").code() != 0);
    }

    /// Probe 50: settings of the machine.
    @Test
    void theMachinesSettingsAreOutOfReach() throws Exception {
        for (var file : List.of("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/fs/cgroup/cgroup.procs"))
            assertTrue(say("echo x > " + file).code() != 0, file);
    }

    /// Probe 45: what is left running ends with the command.
    @Test
    void nothingOutlivesTheCommand() throws Exception {
        var process = session.start(SealSpec.agent(
                List.of(
                        "sh",
                        "-c",
                        "setsid nohup sleep 31415901 & (setsid sh -c 'trap \"\" TERM HUP INT; sleep 31415902' &) ;"
                            + " until ls /proc/*/exe >/dev/null 2>&1 && grep -lq 31415902 /proc/[0-9]*/cmdline; do :;"
                            + " done; echo up; read end"),
                Map.of()));
        var line = new byte[3];
        process.stdout().readNBytes(line, 0, 3);
        assertEquals("up\n", new String(line));
        assertFalse(Bench.processesWith("3141590").isEmpty());
        process.stdin().close();
        process.onExit().get(5, TimeUnit.SECONDS);
        assertEquals(List.of(), Bench.processesWith("3141590"));
    }

    /// Probe 46.
    @Test
    void sharedMemoryOfTheHostIsInvisible() throws Exception {
        assertEquals(
                "",
                say("ls -A /dev/shm; tail -n +2 /proc/sysvipc/shm /proc/sysvipc/msg /proc/sysvipc/sem | grep -v ==")
                        .out()
                        .strip());
    }

    @Test
    void signalsReachTheCommand() throws Exception {
        var process = session.start(SealSpec.agent(
                List.of("sh", "-c", "trap 'echo got; exit 9' INT; echo up; while :; do sleep 0.05; done"), Map.of()));
        var up = new byte[3];
        process.stdout().readNBytes(up, 0, 3);
        process.signal(2);
        assertEquals(new Bench.Said(9, "got\n", ""), Bench.say(process));
        process.signal(2);
        assertThrows(IllegalArgumentException.class, () -> process.signal(0));
    }

    /// More than any buffer, both ways, read by virtual threads.
    @Test
    void streamsCarryMuchAndBothWays() throws Exception {
        var process = session.start(SealSpec.agent(List.of("cat"), Map.of()));
        var sent = new byte[5_000_003];
        for (int i = 0; i < sent.length; i++) sent[i] = (byte) (i * 31 >> 3);
        var writer = Thread.startVirtualThread(() -> {
            try (var in = process.stdin()) {
                in.write(sent);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        var back = process.stdout().readAllBytes();
        writer.join();
        assertTrue(java.util.Arrays.equals(sent, back));
        assertEquals(0, process.waitFor());
    }

    /// As root outside, the command is somebody else; as an ordinary user it is that user.
    @Test
    void outsideTheCommandIsNeverRoot() throws Exception {
        var process = session.start(SealSpec.agent(List.of("cat"), Map.of()));
        var status = Files.readString(Path.of("/proc/" + process.command().orElseThrow() + "/status"));
        var uid = status.lines()
                .filter(it -> it.startsWith("Uid:"))
                .findFirst()
                .orElseThrow()
                .split("\t")[1];
        assertEquals(String.valueOf(Legs.isRoot() ? Identity.UNPRIVILEGED : UnsafeKernel.effectiveUser()), uid);
        process.kill();
        assertEquals(128 + 9, process.onExit().get(5, TimeUnit.SECONDS));
    }
}
