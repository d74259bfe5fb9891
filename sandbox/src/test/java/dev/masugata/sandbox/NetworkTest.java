package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a sealed process reaches: the gate's listeners, its own loopback, nothing else.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkTest {
    /// Connects and says what came of it.
    private static final String CONNECT = """
        use IO::Socket::INET; my ($h, $p) = @ARGV;
        my $s = IO::Socket::INET->new(PeerHost => $h, PeerPort => $p, Timeout => 5);
        if ($s) { print $s "ping\\n"; $s->shutdown(1); print "ok ", <$s> } else { print "no ", $! + 0; exit 1 }
        """;
    private static final int ECONNREFUSED = 111;
    private static final int ENETUNREACH = 101;

    private Bench bench;
    private SealedSession session;
    private ServerSocket onHost;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
        session = bench.session(80, 7172);
        onHost = new ServerSocket(0, 5, InetAddress.getByName("0.0.0.0"));
    }

    @AfterAll
    void close() throws Exception {
        onHost.close();
        bench.close();
    }

    private String connect(String host, int port) throws Exception {
        return Bench.say(session.start(SealSpec.agent(List.of("perl", "-e", CONNECT, host, "" + port), Map.of())))
                .out();
    }

    /// The descriptor handed out accepts what connects from inside, with no relay between.
    @Test
    void theGatesListenersAreReached() throws Exception {
        assertEquals(
                List.of(80, 7172),
                session.listeners().stream().map(Listener::port).toList());
        for (var listener : session.listeners()) {
            var accepting = Thread.ofPlatform().start(() -> Accepting.answerOne(listener));
            assertEquals("ok pong\n", connect("masugata.internal", listener.port()));
            accepting.join();
        }
    }

    @Test
    void nothingElseIsReached() throws Exception {
        assertEquals("no " + ECONNREFUSED, connect("127.0.0.1", onHost.getLocalPort()));
        for (var address : List.of("1.1.1.1", "169.254.169.254", "10.0.0.1", "192.168.0.1", "198.18.0.2"))
            assertEquals("no " + ENETUNREACH, connect(address, 80), address);
        assertEquals("no " + ECONNREFUSED, connect("198.18.0.1", onHost.getLocalPort()));
        assertTrue(connect("localhost", 9).startsWith("no"));
        // The harmless twin: the host's own listener does answer the host.
        try (var socket = new Socket("127.0.0.1", onHost.getLocalPort())) {
            assertTrue(socket.isConnected());
        }
    }

    @Test
    void namesFailFast() throws Exception {
        var before = System.nanoTime();
        assertTrue(Bench.say(session, "getent hosts example.com").code() != 0);
        assertTrue(System.nanoTime() - before < 2_000_000_000L);
        assertEquals(
                "198.18.0.1      masugata.internal\n",
                Bench.say(session, "getent hosts masugata.internal").out());
    }

    /// Probe 38.
    @Test
    void listeningInsideIsInsideOnly() throws Exception {
        var script = """
            perl -e 'use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8080, Listen => 1) or die "$!";
            print "up\\n"; $| = 1; print ""; my $c = $l->accept; my $line = <$c>; print $c "pong\\n"; close $c; read(STDIN, my $x, 1)' &
            until perl -e '\
            """ + CONNECT + """
            ' 127.0.0.1 8080; do :; done
            """;
        assertTrue(Bench.say(session, script).out().contains("ok pong"));
        var held = session.start(SealSpec.agent(
                List.of(
                        "perl",
                        "-e",
                        "use IO::Socket::INET; $| = 1; my $l = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort"
                                + " => 8081, Listen => 1); print \"up\\n"
                                + "\"; read(STDIN, my $x, 1)"),
                Map.of()));
        assertEquals("up\n", new String(held.stdout().readNBytes(3)));
        assertThrows(ConnectException.class, () -> {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", 8081), 1000);
            }
        });
        assertEquals("", Bench.say(held).out());
    }

    /// Probe 39: the namespace belongs to the gate's user namespace, not to the seal's.
    @Test
    void theNetworkCannotBeChanged() throws Exception {
        // SIOCSIFFLAGS with no flags: loopback down; SIOCSIFADDR.
        for (var request : List.of("0x8914", "0x8916")) {
            var said = Bench.say(
                    session,
                    "perl -e 'use Socket; socket(my $s, 2, 2, 0); my $r = pack(\"a16 S x22\", \"lo\", 0);"
                            + " ioctl($s, " + request + ", $r); print $! + 0'");
            assertEquals("1", said.out());
        }
        assertEquals(
                "13",
                Bench.say(
                                session,
                                "perl -e 'use Socket; socket(my $s, 2, 1, 0);"
                                        + " bind($s, sockaddr_in(81, inet_aton(\"198.18.0.1\"))); print $! + 0'")
                        .out());
        assertTrue(Bench.say(session, "ip link set lo down; nft flush ruleset").code() != 0);
    }

    /// Probe 40.
    @Test
    void noSocketOfTheHostIsThere() throws Exception {
        assertEquals(
                "",
                Bench.say(session, "find / -path /usr -prune -o -path /proc -prune -o -type s -print 2>/dev/null")
                        .out());
        var said = Bench.say(
                session, "ls /var/run/docker.sock /run/docker.sock /run/podman /run/dbus /run/user /tmp/.X11-unix");
        assertEquals(
                6, said.err().lines().filter(it -> it.contains("No such file")).count(), said.err());
        assertEquals(
                "ok\n",
                Bench.say(
                                session,
                                "perl -e 'use IO::Socket::UNIX; my $l = IO::Socket::UNIX->new(Local => \"/tmp/s\","
                                        + " Listen => 1); print \"ok\\n"
                                        + "\" if IO::Socket::UNIX->new(Peer => \"/tmp/s\")'")
                        .out());
    }

    /// Probe 41.
    @Test
    void abstractSocketsOfTheHostRefuse() throws Exception {
        var name = "masugata-test-" + ProcessHandle.current().pid();
        var listening = new ProcessBuilder(
                        "perl",
                        "-e",
                        "use Socket; $| = 1; socket(my $l, 1, 1, 0);" + " bind($l, pack_sockaddr_un(\"\\0" + name
                                + "\")) or die; listen($l, 1); print \"up\\n\"; <STDIN>")
                .start();
        try {
            assertEquals("up\n", new String(listening.getInputStream().readNBytes(3)));
            var connect = "use Socket; socket(my $s, 1, 1, 0); print connect($s, pack_sockaddr_un(\"\\0" + name
                    + "\")) ? \"ok\" : $! + 0";
            assertEquals(
                    "" + ECONNREFUSED,
                    Bench.say(session.start(SealSpec.agent(List.of("perl", "-e", connect), Map.of())))
                            .out());
            assertEquals("ok", Bench.host("perl", "-e", connect).out());
        } finally {
            listening.destroyForcibly().waitFor();
        }
    }

    @Test
    void twoSessionsDoNotMeet() throws Exception {
        try (var other = bench.sandbox.open(new SessionSpec("other", java.util.Optional.empty(), List.of(80)))) {
            var held = session.start(SealSpec.agent(
                    List.of(
                            "perl",
                            "-e",
                            "use IO::Socket::INET; $| = 1; my $l = IO::Socket::INET->new(LocalPort => 8082, Listen =>"
                                    + " 1); print \"up\\n"
                                    + "\"; <STDIN>"),
                    Map.of()));
            assertEquals("up\n", new String(held.stdout().readNBytes(3)));
            var spec = new SealSpec(
                    List.of("perl", "-e", CONNECT, "127.0.0.1", "8082"),
                    Map.of(),
                    new SealSpec.Files.Nothing(),
                    List.of(),
                    SealSpec.Network.SESSION,
                    java.util.Optional.empty(),
                    java.util.Optional.empty());
            assertEquals("no " + ECONNREFUSED, Bench.say(other.start(spec)).out());
            Bench.say(held);
        }
    }
}
