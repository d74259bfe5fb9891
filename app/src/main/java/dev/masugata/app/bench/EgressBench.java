package dev.masugata.app.bench;

import dev.masugata.net.CertificateAuthority;
import dev.masugata.net.Content;
import dev.masugata.net.Headers;
import dev.masugata.net.Response;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The egress gate, all controls on, beside Squid (SslBump) and mitmproxy, where they are installed, before one
/// origin over TLS: requests on connections that stay open, connections of one request each, and a download.
public final class EgressBench {
    private static final byte[] SMALL = "a page of three hundred and forty-five bytes. ".repeat(8).substring(0, 345)
            .getBytes(StandardCharsets.US_ASCII);
    private static final int LARGE_BYTES = 10 * 1024 * 1024;

    private EgressBench() {}

    /// @param seconds of each measure
    /// @throws IOException when the gate cannot be measured; a peer that is not there is said and left out
    public static void run(int seconds, boolean json, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        var authority = CertificateAuthority.make("bench", new SecureRandom(), InstantSource.system());
        var large = new byte[LARGE_BYTES];
        var options = ServerOptions.loopback(0).withTls(authority.identity("localhost"))
                .withHosts(Set.of(ServerOptions.ANY_HOST));
        try (var origin = Server.start(options, request -> request.path().equals("/large")
                        ? new Response(200, Headers.of("content-type", "application/octet-stream"),
                                new Content.Bytes(large))
                        : Response.of(200, "text/plain", SMALL));
                var stage = new EgressStage(authority, origin.port())) {
            var rows = new ArrayList<EgressRow>();
            for (var proxy : stage.proxies(progress)) {
                progress.println("measuring " + proxy.name() + " ...");
                var load = new ProxyLoad(proxy, origin.port());
                // A virtual machine compiles what it runs often; nobody is measured cold.
                load.measure(ProxyLoad.What.KEPT, 16, Math.max(5, seconds));
                rows.add(load.measure(ProxyLoad.What.KEPT, 16, seconds));
                rows.add(load.measure(ProxyLoad.What.ANEW, 8, seconds));
                rows.add(load.measure(ProxyLoad.What.LARGE, 2, seconds));
            }
            print(rows, json, out);
        }
    }

    private static void print(List<EgressRow> rows, boolean json, PrintStream out) {
        if (json) {
            out.println(JsonWriter.text(new Json.Arr(rows.stream().<Json>map(EgressRow::json).toList())));
            return;
        }
        out.println("                     load                      per s   p50 ms   p99 ms  CPU/1000    per CPU s  "
                + "RSS MiB");
        rows.forEach(it -> out.println(it.line()));
        out.println();
        goal(rows, out, "keep-alive", "requests/s", "squid", 1.5);
        goal(rows, out, "keep-alive", "requests/s", "mitmproxy", 12);
        goal(rows, out, "anew", "connections/s", "squid", 4);
    }

    private static void goal(List<EgressRow> rows, PrintStream out, String load, String what, String peer,
            double goal) {
        var ours = row(rows, "masugata", load);
        var theirs = row(rows, peer, load);
        if (ours == null || theirs == null) {
            out.println(what + ", " + load + ", beside " + peer + ": not measured, it is not installed");
            return;
        }
        double ratio = ours.perSecond() / theirs.perSecond();
        double perCpu = ours.perCpuSecond() / theirs.perCpuSecond();
        out.println(String.format(
                Locale.ROOT, "%s, %s, beside %s: ratio %.2f (for each CPU second %.2f); goal at least %.1f: %s", what,
                        load,
                peer, ratio, perCpu, goal, ratio >= goal ? "reached" : "missed"));
    }

    private static @Nullable EgressRow row(List<EgressRow> rows, String name, String load) {
        for (var row : rows) if (row.name().equals(name) && row.load().startsWith(load)) return row;
        return null;
    }
}
