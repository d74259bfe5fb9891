package dev.masugata.app.bench;

import dev.masugata.app.ResidentGate;
import dev.masugata.net.CertificateAuthority;
import dev.masugata.sandbox.InsecureDirect;
import dev.masugata.sandbox.InsecurePeer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The proxies that are measured, each started with what it needs to read TLS.
final class EgressStage implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final List<String> SQUIDS = List.of("/usr/sbin/squid", "/usr/local/sbin/squid");
    private static final List<String> HELPERS =
            List.of("/usr/lib/squid/security_file_certgen", "/usr/lib64/squid/security_file_certgen");
    private static final List<String> DUMPS = List.of("/usr/bin/mitmdump", "/usr/local/bin/mitmdump");

    private final Path directory;
    private final CertificateAuthority authority;
    private final int origin;
    private final List<InsecurePeer> running = new ArrayList<>();

    /// @param login for `Proxy-Authorization: Basic`; empty: none is wanted
    record Proxy(String name, int port, String login, InsecurePeer process) {}

    EgressStage(CertificateAuthority authority, int origin) throws IOException {
        this.directory = Files.createTempDirectory("masugata-bench-");
        this.authority = authority;
        this.origin = origin;
        Files.writeString(directory.resolve("origin.pem"), authority.pem());
    }

    List<Proxy> proxies(PrintStream progress) throws IOException, InterruptedException {
        var proxies = new ArrayList<Proxy>();
        proxies.add(gate());
        squid(progress).ifPresent(proxies::add);
        mitmproxy(progress).ifPresent(proxies::add);
        return proxies;
    }

    // --- ours -------------------------------------------------------------------------------------------------------

    private static final Pattern PORT = Pattern.compile("proxy: http://127\\.0\\.0\\.1:(\\d+)");

    /// All controls as they are where nothing is said, but for how often who may call.
    private Proxy gate() throws IOException, InterruptedException {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Files.writeString(directory.resolve("bench.token"), token);
        var config = directory.resolve("masugata.yaml");
        Files.writeString(config, """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                limits: { caller: 1000000/s, tool: 1000000/s, address: 1000000/s }
                agents: [{ id: bench, user: bench, token: file:bench.token }]
                egress: { authorities: origin.pem, allow: [{ host: localhost, port: %d, private: true }] }
                """.formatted(origin));
        var launcher = Path.of(ResidentGate.installation(), "masugata").toString();
        var home = Map.of("MASUGATA_HOME", directory.resolve("home").toString());
        var gate = start("gate", List.of(launcher, "serve", "--config", config.toString()), home);
        var port = awaited(gate, () -> {
            var said = PORT.matcher(gate.said());
            return said.find() ? Optional.of(Integer.parseInt(said.group(1))) : Optional.empty();
        });
        var login = Base64.getEncoder().encodeToString(("bench:" + token).getBytes(StandardCharsets.US_ASCII));
        return new Proxy("masugata", port, login, gate);
    }

    // --- peers ------------------------------------------------------------------------------------------------------

    private Optional<Proxy> squid(PrintStream progress) throws IOException, InterruptedException {
        var program = there(SQUIDS);
        var helper = there(HELPERS);
        if (program.isEmpty() || helper.isEmpty()) {
            progress.println("squid is not installed with TLS: apt-get install squid-openssl");
            return Optional.empty();
        }
        int port = freePort();
        var certificate = directory.resolve("squid.pem");
        Files.writeString(certificate, authority.pem() + authority.insecureKey());
        var cache = directory.resolve("squid-certificates");
        InsecureDirect.run(
                List.of(helper.get(), "-c", "-s", cache.toString(), "-M", "4MB"), Map.of(), directory);
        // As root it becomes the user that its package made, who must reach what is its own.
        var user = System.getProperty("user.name").equals("root") ? "cache_effective_user proxy" : "";
        if (!user.isEmpty()) giveAway(cache);
        var config = directory.resolve("squid.conf");
        Files.writeString(config, """
                http_port 127.0.0.1:%d ssl-bump tls-cert=%s generate-host-certificates=on \
                    dynamic_cert_mem_cache_size=4MB
                sslcrtd_program %s -s %s -M 4MB
                ssl_bump bump all
                tls_outgoing_options cafile=%s
                http_access allow all
                cache deny all
                access_log none
                cache_log %s
                pid_filename none
                %s
                shutdown_lifetime 1 seconds
                coredump_dir %s
                """.formatted(port, certificate, helper.get(), cache, directory.resolve("origin.pem"),
                directory.resolve("squid-cache.log"), user, directory));
        var squid = start("squid", List.of(program.get(), "-N", "-n", "bench" + port, "-f", config.toString()),
                Map.of());
        return listening(squid, port, "squid", progress);
    }

    private void giveAway(Path cache) throws IOException {
        var proxy = cache.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("proxy");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        try (var files = Files.walk(cache)) {
            for (var file : files.toList()) Files.setOwner(file, proxy);
        }
        Files.setOwner(Files.createFile(directory.resolve("squid-cache.log")), proxy);
    }

    private Optional<Proxy> mitmproxy(PrintStream progress) throws IOException, InterruptedException {
        var program = there(DUMPS);
        if (program.isEmpty()) {
            progress.println("mitmproxy is not installed: apt-get install mitmproxy");
            return Optional.empty();
        }
        int port = freePort();
        var mitm = start("mitmproxy", List.of(
                program.get(), "-q", "--listen-host", "127.0.0.1", "-p", Integer.toString(port), "--set",
                "confdir=" + directory.resolve("mitm"), "--set",
                "ssl_verify_upstream_trusted_ca=" + directory.resolve("origin.pem")), Map.of());
        return listening(mitm, port, "mitmproxy", progress);
    }

    private static Optional<String> there(List<String> places) {
        return places.stream().filter(it -> Files.isExecutable(Path.of(it))).findFirst();
    }

    private Optional<Proxy> listening(InsecurePeer peer, int port, String name, PrintStream progress)
            throws InterruptedException {
        try {
            awaited(peer, () -> {
                try (var socket = new Socket("127.0.0.1", port)) {
                    return socket.getLocalPort() == port ? Optional.empty() : Optional.of(port);
                } catch (IOException notYet) {
                    return Optional.empty();
                }
            });
            return Optional.of(new Proxy(name, port, "", peer));
        } catch (IOException failed) {
            progress.println(name + " did not start: " + failed.getMessage());
            return Optional.empty();
        }
    }

    // --- processes --------------------------------------------------------------------------------------------------

    private InsecurePeer start(String name, List<String> command, Map<String, String> environment) throws IOException {
        var started = InsecurePeer.start(command, environment, directory, directory.resolve(name + ".log"));
        running.add(started);
        return started;
    }

    private static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return any.getLocalPort();
        }
    }

    private interface Sign<T> {
        Optional<T> seen() throws IOException;
    }

    private static <T> T awaited(InsecurePeer peer, Sign<T> sign) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (System.nanoTime() - end < 0) {
            var seen = sign.seen();
            if (seen.isPresent()) return seen.get();
            if (!peer.isAlive()) throw new IOException("a program to be measured ended at once: " + peer.said());
            Thread.sleep(50);
        }
        throw new IOException("a program to be measured did not start in " + START_SECONDS + " s: " + peer.said());
    }

    @Override
    public void close() throws IOException {
        for (var it : List.copyOf(running).reversed()) it.close();
        try (var left = Files.walk(directory)) {
            for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
