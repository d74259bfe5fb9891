package dev.masugata.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A proxy in front of curl: what it wants, and what is read inside of it. Nothing is dialed: the proxy answers itself.
class ProxyTest {
    @TempDir
    Path directory;

    private final CertificateAuthority authority =
            CertificateAuthority.make("test", new SecureRandom(), InstantSource.system());
    private final List<Integer> refused = new CopyOnWriteArrayList<>();
    private Server server;

    private final ProxyHandler handler = new ProxyHandler() {
        @Override
        public Opening open(Wanted wanted) {
            if (wanted.host().equals("closed.example")) return new Opening.Refused(Response.text(403, "not there\n"));
            boolean known = wanted.login().map(it -> it.password().equals("good")).orElse(true);
            if (!known) return new Opening.Refused(Response.of(407));
            return new Opening.Inspected(wanted.host(), wanted.port(), wanted.how().name());
        }

        @Override
        public Response handle(Request request) throws IOException {
            var body = new String(request.body().readAll(1 << 20), StandardCharsets.UTF_8);
            return Response.text(200, request.method() + " " + request.scheme().orElse("?") + " " + request.host() + " "
                    + request.path() + " " + request.opening().map(it -> it.who().toString()).orElse("absolute") + " "
                    + body);
        }

        @Override
        public void refused(Peer peer, int status, String why) {
            refused.add(status);
        }
    };

    @BeforeEach
    void start() throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = Server.start(ServerOptions.on(new Listener.Tcp(address)).asProxy(authority), handler);
        Files.writeString(directory.resolve("ca.pem"), authority.pem());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Said(int exit, String out) {}

    private Said curl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "curl", "-sS", "--max-time", "20", "--cacert", directory.resolve("ca.pem").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(it -> it.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Said(process.exitValue(), out);
    }

    private String proxy(String scheme) {
        return scheme + "://127.0.0.1:" + server.port();
    }

    @ParameterizedTest
    @CsvSource({
        "http, http://example.com/a?b=c, GET http example.com /a absolute",
        "http, https://example.com/a, GET https example.com /a CONNECT",
        "http, https://example.com:8443/a, GET https example.com:8443 /a CONNECT",
        "http, https://192.0.2.1/a, GET https 192.0.2.1 /a CONNECT",
        "http, https://[2001:db8::1]/a, GET https [2001:db8::1] /a CONNECT",
        "socks5h, http://example.com/a, GET http example.com /a SOCKS",
        "socks5h, https://example.com/a, GET https example.com /a SOCKS",
        "socks5h, https://192.0.2.1/a, GET https 192.0.2.1 /a SOCKS"
    })
    void whatAClientWantsIsReadInsideOfIt(String scheme, String url, String says) throws Exception {
        var said = curl("-x", proxy(scheme), url);
        assertEquals(says, said.out().strip(), said.toString());
    }

    @Test
    void severalRequestsOfOneConnectionEachCome() throws Exception {
        var said = curl("-x", proxy("http"), "-d", "x=1", "https://example.com/a", "--next", "--cacert",
                directory.resolve("ca.pem").toString(), "-sS", "-x", proxy("http"), "-d", "y".repeat(100_000),
                "https://example.com/b");
        assertTrue(said.out().startsWith("POST https example.com /a CONNECT x=1"), said.out());
        assertTrue(said.out().contains("POST https example.com /b CONNECT " + "y".repeat(100_000)), "the second");
    }

    @Test
    void aRefusalIsSaidWithItsReasonOverConnect() throws Exception {
        var said = curl("-x", proxy("http"), "-v", "https://closed.example/");
        assertTrue(said.exit() == 56 && said.out().contains("HTTP/1.1 403"), said.out());
        var socks = curl("-x", proxy("socks5h"), "https://closed.example/");
        assertEquals(97, socks.exit(), socks.out());
    }

    @Test
    void aSocksLoginIsHandedOn() throws Exception {
        assertEquals(0, curl("-x", proxy("socks5h"), "-U", "me:good", "http://example.com/").exit());
        assertEquals(97, curl("-x", proxy("socks5h"), "-U", "me:bad", "http://example.com/").exit());
    }

    @Test
    void tlsMustNameWhatWasOpened() throws Exception {
        // curl connects to one name and asks for another within.
        var said = curl("-x", proxy("http"), "--connect-to", "other.example:443:example.com:443",
                "https://other.example/");
        assertNotEquals(0, said.exit(), said.out());
        assertEquals(List.of(421), refused);
    }

    @Test
    void theHostMustBeWhatWasOpened() throws Exception {
        var said = curl("-x", proxy("http"), "-H", "Host: other.example", "https://example.com/");
        assertTrue(said.out().contains("the Host is not the one"), said.out());
        said = curl("-x", proxy("http"), "-H", "Host: example.com:444", "https://example.com/");
        assertTrue(said.out().contains("the Host is not the one"), said.out());
        said = curl("-x", proxy("http"), "-H", "Host: example.com:443", "https://example.com/");
        assertTrue(said.out().startsWith("GET https example.com:443"), said.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CONNECT example.com HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "CONNECT example.com:0 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "CONNECT me@example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "CONNECT example.com\u0000.other.example:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "CONNECT ex%61mple.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "CONNECT example.com:443 HTTP/1.1\nHost: example.com\n\n",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n folded\r\n\r\n"
    })
    void whatIsMalformedIsRefused(String head) throws Exception {
        try (var raw = new java.net.Socket(InetAddress.getLoopbackAddress(), server.port())) {
            raw.setSoTimeout(10_000);
            raw.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            var said = new String(raw.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(said.startsWith("HTTP/1.1 400"), said);
        }
    }

    @Test
    void whatIsNeitherTlsNorHttpEnds() throws Exception {
        try (var raw = new java.net.Socket(InetAddress.getLoopbackAddress(), server.port())) {
            raw.setSoTimeout(10_000);
            var connect = "CONNECT example.com:22 HTTP/1.1\r\nHost: example.com:22\r\n\r\n";
            raw.getOutputStream().write((connect + "\u0000\u0001\u0002").getBytes(StandardCharsets.ISO_8859_1));
            var said = new String(raw.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(said.startsWith("HTTP/1.1 200") && said.contains("neither TLS nor HTTP"), said);
        }
    }

    @Test
    void anAuthorityThatWasKeptIsTheSame() throws Exception {
        var again = CertificateAuthority.of(authority.pem(), authority.insecureKey(), new SecureRandom(),
                InstantSource.system());
        assertEquals(authority.pem(), again.pem());
        var other = CertificateAuthority.make("test", new SecureRandom(), InstantSource.system());
        org.junit.jupiter.api.Assertions.assertThrows(IOException.class, () -> CertificateAuthority.of(
                authority.pem(), other.insecureKey(), new SecureRandom(), InstantSource.system()));
    }

    @Test
    void openSslTakesTheAuthority() throws Exception {
        var process = new ProcessBuilder("openssl", "verify", "-x509_strict", "-CAfile",
                directory.resolve("ca.pem").toString(), directory.resolve("ca.pem").toString())
                .redirectErrorStream(true).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
    }
}
