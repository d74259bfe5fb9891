package dev.masugata.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.UpstreamFault.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    static Path folder;

    private static Server server;
    private static byte[] authority;

    @BeforeAll
    static void start() throws Exception {
        var tls = Certificates.make(folder, "local", "DNS:localhost,IP:127.0.0.1");
        authority = Certificates.pem(folder, "local");
        Handler handler = request -> {
            var session = request.peer().tls().orElseThrow();
            return Response.stream(
                    200,
                    Headers.of("x-tls", session.protocol() + " " + session.cipher()),
                    out -> request.body().stream().transferTo(out));
        };
        server = Server.start(ServerOptions.loopback(0).withTls(tls), handler);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void callsWithATrustedCertificateForTheHost() throws Exception {
        try (var client = client(authority)) {
            for (var host : List.of("localhost", "127.0.0.1"))
                for (int i = 0; i < 2; i++) {
                    var answer = client.send(OutRequest.to("POST", "https://" + host + ":" + server.port() + "/")
                            .with("hi".getBytes(UTF_8)));
                    assertEquals("hi", new String(answer.body().readAll(10), UTF_8));
                    assertTrue(
                            answer.headers().one("x-tls").orElseThrow().startsWith("TLSv1.3 TLS_AES_"),
                            answer.headers()::toString);
                }
            assertEquals(2, server.connections());
        }
    }

    @Test
    void refusesACertificateThatIsNotTrustedOrForAnotherHost() throws Exception {
        try (var client = new Upstream(UpstreamOptions.DEFAULT, UpstreamTest.ANY)) {
            assertTls(client, "https://localhost:" + server.port() + "/");
        }
        var elsewhere = Certificates.make(folder, "elsewhere", "DNS:elsewhere.example");
        try (var other = Server.start(ServerOptions.loopback(0).withTls(elsewhere), request -> Response.of(200));
                var client = client(Certificates.pem(folder, "elsewhere"))) {
            assertTls(client, "https://localhost:" + other.port() + "/");
            assertTls(client, "https://127.0.0.1:" + other.port() + "/");
        }
    }

    private static void assertTls(Upstream client, String url) {
        var fault = assertThrows(UpstreamFault.class, () -> client.send(OutRequest.to("GET", url)));
        assertEquals(Kind.TLS, fault.kind());
        assertTrue(!fault.mayHaveArrived());
        ServerLimitsTest.until(() -> client.connections() == 0);
    }

    /// That openssl can still speak TLS 1.1 is shown by its own server, which takes it.
    @Test
    void speaksNothingOlderThanTls12() throws Exception {
        assertTrue(handshake(server.port(), "-tls1_3").output().contains("New, TLSv1.3,"));
        assertTrue(handshake(server.port(), "-tls1_2").output().contains("Protocol  : TLSv1.2"));
        for (var old : List.of("-tls1_1", "-tls1")) {
            var refused = handshake(server.port(), old, "-cipher", "ALL:@SECLEVEL=0");
            assertTrue(refused.code() != 0 && refused.output().contains("alert protocol version"), refused.output());
        }
        try (var lax = new OpensslServer("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            var taken = handshake(lax.port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
            assertTrue(taken.output().contains("Protocol  : TLSv1.1"), taken.output());
            try (var client = client(authority)) {
                assertTls(client, "https://localhost:" + lax.port + "/");
            }
        }
    }

    @Test
    void takesStrongSuitesOnly() throws Exception {
        for (var weak : List.of("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-CCM8")) {
            var refused = handshake(server.port(), "-tls1_2", "-cipher", weak + ":@SECLEVEL=0");
            assertTrue(refused.code() != 0 && refused.output().contains("alert handshake failure"), refused.output());
            try (var lax = new OpensslServer("-tls1_2", "-cipher", weak + ":@SECLEVEL=0")) {
                assertTrue(handshake(lax.port, "-tls1_2", "-cipher", weak + ":@SECLEVEL=0")
                        .output()
                        .contains(weak));
            }
        }
        assertTrue(handshake(server.port(), "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
                .output()
                .contains("ECDHE-ECDSA-AES128-GCM-SHA256"));
    }

    @Test
    void streamsLargeBodiesBothWays() throws Exception {
        int size = 8_000_000;
        try (var client = client(authority)) {
            var content = new Content.Stream(OptionalLong.of(size), Optional.empty(), out -> out.write(new byte[size]));
            var answer = client.send(OutRequest.to("POST", "https://localhost:" + server.port() + "/")
                    .with(content));
            assertEquals(size, answer.body().readAll(size).length);
        }
    }

    @Test
    void theLastWordsReachAClientThatIsStillSending() throws Exception {
        var options = ServerOptions.loopback(0).withLimits(ServerLimits.DEFAULT.withBodyBytes(10));
        try (var strict = Server.start(
                options.withTls(Certificates.make(folder, "strict", "DNS:localhost")), request -> Response.of(200))) {
            for (int i = 0; i < 3; i++) {
                var client = Certificates.process("s_client", "-quiet", "-connect", "127.0.0.1:" + strict.port());
                try (var out = client.getOutputStream()) {
                    out.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n".getBytes(UTF_8));
                    out.write(new byte[5_000_000]);
                } catch (IOException closed) {
                    // it has its answer
                }
                var answer = new String(client.getInputStream().readAllBytes(), UTF_8);
                assertTrue(answer.contains("HTTP/1.1 413 "), answer);
            }
        }
    }

    @Test
    void plainHttpOnItsPortGetsNoAnswer() throws Exception {
        try (var client = new Raw(server.port())) {
            assertTrue(!client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .all()
                    .contains("HTTP/1.1 200"));
        }
    }

    @Test
    void aCertificateThatCannotBeUsedIsSaidAtTheStart() {
        var bad = ServerOptions.loopback(0).withTls(new TlsOptions("x".getBytes(UTF_8), "y".getBytes(UTF_8)));
        assertThrows(IOException.class, () -> Server.start(bad, request -> Response.of(200)));
        assertThrows(IOException.class, () -> client("x".getBytes(UTF_8)));
    }

    private static Upstream client(byte[] trusted) throws IOException {
        return new Upstream(UpstreamOptions.DEFAULT.withAuthorities(trusted), UpstreamTest.ANY);
    }

    private static Certificates.Run handshake(int port, String... more) throws Exception {
        var arguments = new java.util.ArrayList<>(
                List.of("s_client", "-connect", "127.0.0.1:" + port, "-servername", "localhost"));
        arguments.addAll(List.of(more));
        return Certificates.openssl(arguments.toArray(String[]::new));
    }

    /// A server that takes what ours refuses.
    private static final class OpensslServer implements AutoCloseable {
        final int port;
        private final Process process;

        OpensslServer(String... more) throws Exception {
            try (var free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            var command = new java.util.ArrayList<>(List.of(
                    "openssl",
                    "s_server",
                    "-accept",
                    "127.0.0.1:" + port,
                    "-cert",
                    folder.resolve("local-chain.pem").toString(),
                    "-key",
                    folder.resolve("local-key.pem").toString()));
            command.addAll(List.of(more));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
            for (String line; (line = lines.readLine()) != null; ) if (line.startsWith("ACCEPT")) return;
            throw new AssertionError("`openssl s_server` did not start");
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
