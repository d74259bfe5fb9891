package dev.masugata.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTest {
    private static final Transport NIO = new Transport(false);
    private static final Handler WHO =
            request -> Response.text(200, request.peer().toString());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aUnixSocketTellsWhoConnectedAndOpensForItsOwnerOnly(boolean best) throws Exception {
        var path = folder.resolve("gate.sock");
        int uid = (int) Files.getAttribute(folder, "unix:uid");
        Handler handler = request -> {
            var who = request.peer().credentials().orElseThrow();
            assertTrue(request.peer().address().isEmpty());
            return Response.text(
                    200, who.uid() + " " + (who.pid() == ProcessHandle.current().pid()));
        };
        var transport = best ? Transport.best() : NIO;
        try (var server = Server.start(ServerOptions.unix(path), handler, transport);
                var client = new Upstream(
                        UpstreamOptions.DEFAULT, UpstreamTest.ANY, transport, java.net.InetAddress::getAllByName)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            var answer = new String(
                    client.send(OutRequest.to("GET", path, "/")).body().readAll(100), UTF_8);
            assertEquals(uid + " " + best, answer);
            assertTrue(server.address().isEmpty());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aTcpConnectionTellsItsAddressAndNoCredentials() throws Exception {
        Handler handler = request -> {
            assertTrue(request.peer().credentials().isEmpty()
                    && request.peer().tls().isEmpty());
            return Response.text(
                    200, "" + request.peer().address().orElseThrow().getPort());
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            var answer =
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            assertTrue(answer.endsWith("\r\n\r\n" + client.socket.getLocalPort()), answer);
        }
    }

    @Test
    void aSocketNobodyListensOnIsReplacedAndNothingElse() throws Exception {
        var path = folder.resolve("gate.sock");
        try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(path));
            var busy = assertThrows(IOException.class, () -> Server.start(ServerOptions.unix(path), WHO));
            assertTrue(busy.getMessage().contains("somebody listens"), busy.getMessage());
        }
        assertTrue(Files.exists(path));
        Server.start(ServerOptions.unix(path), WHO).close();
        Files.writeString(path, "precious");
        var file = assertThrows(IOException.class, () -> Server.start(ServerOptions.unix(path), WHO));
        assertTrue(file.getMessage().contains("is not a socket"), file.getMessage());
        assertEquals("precious", Files.readString(path));
    }

    @Test
    void aPathThatIsTooLongOrAPortThatIsTakenIsSaid() throws Exception {
        var room = Listener.Unix.PATH_BYTES - folder.toString().length() - 1;
        new Listener.Unix(folder.resolve("a".repeat(room)));
        assertThrows(IllegalArgumentException.class, () -> new Listener.Unix(folder.resolve("a".repeat(room + 1))));
        try (var server = Server.start(ServerOptions.loopback(0), WHO)) {
            var taken =
                    ServerOptions.on(new Listener.Tcp(new InetSocketAddress("127.0.0.1", server.port())), "localhost");
            var error = assertThrows(IOException.class, () -> Server.start(taken, WHO));
            assertTrue(error.getMessage().startsWith("cannot listen on `"), error.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledOnOs(OS.LINUX)
    void aSocketOpenedElsewhereIsAdopted(boolean blocking) throws Throwable {
        int fd = UnsafeListeningSocket.open(blocking);
        var server = Server.start(ServerOptions.on(new Listener.Adopted(fd), "localhost"), WHO);
        int port = server.port();
        try (server;
                var other = Server.start(ServerOptions.loopback(0), WHO)) {
            for (int i = 0; i < 20; i++)
                for (int it : new int[] {port, other.port()})
                    try (var client = new Raw(it)) {
                        assertTrue(client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .answer()
                                .startsWith("HTTP/1.1 200 "));
                    }
        }
        assertThrows(
                java.net.ConnectException.class,
                () -> new Raw(port).close(),
                "the descriptor is closed with its server");
    }

    @Test
    void aDescriptorThatIsNoListeningSocketIsRefused() {
        assertThrows(
                IOException.class,
                () -> Server.start(ServerOptions.on(new Listener.Adopted(987_654), "localhost"), WHO));
        assertThrows(
                IOException.class,
                () -> Server.start(ServerOptions.on(new Listener.Adopted(0), "localhost"), WHO, NIO));
    }
}
