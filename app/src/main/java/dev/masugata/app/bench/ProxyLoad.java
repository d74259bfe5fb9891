package dev.masugata.app.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Clients of one proxy, each on a thread of its own, that ask as fast as they are answered.
final class ProxyLoad {
    /// How long one answer may take; a proxy that takes longer is not measured on.
    private static final int PATIENCE_MILLIS = 30_000;

    /// What a client does again and again.
    enum What {
        KEPT("keep-alive", "/small"), ANEW("anew", "/small"), LARGE("10 MiB", "/large");

        final String word;
        final String path;

        What(String word, String path) {
            this.word = word;
            this.path = path;
        }
    }

    private final EgressStage.Proxy proxy;
    private final int origin;
    private final SSLSocketFactory tls;

    ProxyLoad(EgressStage.Proxy proxy, int origin) throws IOException {
        this.proxy = proxy;
        this.origin = origin;
        this.tls = trusting();
    }

    EgressRow measure(What what, int clients, int seconds) throws IOException, InterruptedException {
        var before = proxy.process().cost();
        long began = System.nanoTime();
        long end = began + seconds * 1_000_000_000L;
        var failed = new AtomicReference<IOException>();
        var all = new ArrayList<List<Long>>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            var times = new ArrayList<Long>();
            all.add(times);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    client(what, end, times);
                } catch (IOException broken) {
                    failed.compareAndSet(null, broken);
                }
            }));
        }
        for (var thread : threads) thread.join();
        double took = (System.nanoTime() - began) / 1e9;
        if (failed.get() != null)
            throw new IOException(proxy.name() + ", " + what.word + ": " + failed.get().getMessage(), failed.get());
        var after = proxy.process().cost();
        var times = all.stream().flatMap(List::stream).mapToLong(Long::longValue).sorted().toArray();
        return new EgressRow(
                proxy.name(), what.word + ", " + clients + " at once", times.length, took, at(times, 0.5),
                at(times, 0.99), after.seconds() + after.belowSeconds() - before.seconds() - before.belowSeconds(),
                after.residentKib());
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    private void client(What what, long end, List<Long> times) throws IOException {
        boolean kept = what != What.ANEW;
        var request = ("GET " + what.path + " HTTP/1.1\r\nHost: localhost:" + origin + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        while (System.nanoTime() - end < 0) {
            long opening = System.nanoTime();
            try (var socket = connected()) {
                var in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
                for (long began = kept ? System.nanoTime() : opening; System.nanoTime() - end < 0; began =
                        System.nanoTime()) {
                    socket.getOutputStream().write(request);
                    answered(in, what);
                    times.add(System.nanoTime() - began);
                    if (!kept) break;
                }
            }
        }
    }

    private SSLSocket connected() throws IOException {
        var plain = new Socket("127.0.0.1", proxy.port());
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(PATIENCE_MILLIS);
        var login = proxy.login().isEmpty() ? "" : "Proxy-Authorization: Basic " + proxy.login() + "\r\n";
        var connect = "CONNECT localhost:" + origin + " HTTP/1.1\r\nHost: localhost:" + origin + "\r\n" + login
                + "\r\n";
        plain.getOutputStream().write(connect.getBytes(StandardCharsets.US_ASCII));
        var head = head(plain.getInputStream());
        if (!head.contains(" 200 ")) throw new IOException("CONNECT was answered " + head.lines().findFirst().orElse(
                ""));
        var socket = (SSLSocket) tls.createSocket(plain, "localhost", origin, true);
        socket.startHandshake();
        return socket;
    }

    private static void answered(InputStream in, What what) throws IOException {
        var head = head(in);
        if (!head.startsWith("HTTP/1.1 200")) throw new IOException("an answer was " + head.lines().findFirst()
                .orElse(""));
        long length = -1;
        boolean chunked = false;
        for (var line : head.split("\r\n")) {
            var lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) length = Long.parseLong(line.substring(15).strip());
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        long came = chunked ? chunks(in) : length;
        if (!chunked) in.skipNBytes(length);
        if (what == What.LARGE ? came < 10 * 1024 * 1024 : came != 345)
            throw new IOException("an answer had " + came + " bytes");
    }

    private static long chunks(InputStream in) throws IOException {
        long whole = 0;
        for (long size; (size = Long.parseLong(line(in), 16)) > 0; whole += size) {
            in.skipNBytes(size);
            line(in);
        }
        line(in);
        return whole;
    }

    private static String line(InputStream in) throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("the connection ended");
            if (c != '\r') text.append((char) c);
        }
        return text.toString();
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) head.append(line).append("\r\n");
        return head.toString();
    }

    /// The proxies' own certificates are not what is measured: any is taken.
    private static SSLSocketFactory trusting() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException everyJdkCan) {
            throw new IOException(everyJdkCan);
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
