package dev.masugata.app.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// Calls `echo` in one conversation over connections that are kept, one call at a time on each.
final class Load {
    private static final String HELLO = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"masugata-bench\",\"version\":\"1\"}}}";

    private final URI url;
    private final String token;
    private final String session;
    private final AtomicLong ids = new AtomicLong();

    private Load(URI url, String token, String session) {
        this.url = url;
        this.token = token;
        this.session = session;
    }

    /// Begins the conversation; one call shows that its server is there.
    static Load begin(URI url, String token) throws IOException {
        try (var line = new KeptConnection(url, token, "")) {
            var hello = line.post(HELLO);
            if (hello.status() != 200 || hello.session().isEmpty())
                throw new IOException(url + " does not greet: " + hello.status() + " " + hello.body());
            var load = new Load(url, token, hello.session());
            try (var kept = load.connect()) {
                kept.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
                var fault = load.call(kept);
                if (!fault.isEmpty()) throw new IOException(url + " does not answer a call: " + fault);
            }
            return load;
        }
    }

    private KeptConnection connect() throws IOException {
        return new KeptConnection(url, token, session);
    }

    /// What was wrong with the answer; empty if nothing was.
    private String call(KeptConnection line) throws IOException {
        long id = ids.incrementAndGet();
        var answer = line.post("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{"
                + "\"name\":\"echo\",\"arguments\":{\"message\":\"the order of today has number " + id + "\"}}}");
        var echo = "Echo: the order of today has number " + id + "\"";
        boolean right = answer.status() == 200 && answer.body().contains(echo);
        return right ? "" : answer.status() + " " + answer.body();
    }

    /// When a worker's next call is due.
    private interface Schedule {
        /// The time to send at, in nanoseconds of `System.nanoTime`; negative when it is over.
        long next();
    }

    /// Each connection sends its next call when the one before is answered.
    Sample closed(int connections, double seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return run(connections, () -> System.nanoTime() - end < 0 ? 0 : -1);
    }

    /// So many calls in a second, whether or not those before are answered. A call that had to wait for a connection is
    /// late, and its time counts from when it was due: what waits is not left out (coordinated omission).
    Sample atRate(int connections, double rate, double seconds) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var sent = new AtomicLong();
        long all = Math.max(1, (long) (rate * seconds));
        return run(connections, () -> {
            long mine = sent.getAndIncrement();
            return mine < all ? Math.max(1, (long) (mine / rate * 1e9)) + begin : -1;
        });
    }

    private Sample run(int connections, Schedule schedule) throws IOException, InterruptedException {
        var workers = new ArrayList<Worker>();
        try {
            for (int i = 0; i < connections; i++) workers.add(new Worker(connect(), schedule));
            long begin = System.nanoTime();
            for (var it : workers) it.start();
            for (var it : workers) it.join();
            double seconds = (System.nanoTime() - begin) / 1e9;
            var fault = workers.stream().map(it -> it.fault).filter(it -> !it.isEmpty()).findFirst().orElse("");
            return new Sample(seconds, sorted(workers), workers.stream().mapToInt(it -> it.failed).sum(), fault);
        } finally {
            for (var it : workers) it.line.close();
        }
    }

    private static long[] sorted(List<Worker> workers) {
        return workers.stream()
                .flatMapToLong(it -> LongStream.of(Arrays.copyOf(it.nanos, it.count)))
                .sorted()
                .toArray();
    }

    private final class Worker extends Thread {
        final KeptConnection line;
        private final Schedule schedule;
        private long[] nanos = new long[4096];
        private int count;
        private int failed;
        private String fault = "";

        Worker(KeptConnection line, Schedule schedule) {
            super("load");
            this.line = line;
            this.schedule = schedule;
        }

        @Override
        public void run() {
            try {
                for (long due = schedule.next(); due >= 0; due = schedule.next()) one(due);
            } catch (IOException broken) {
                // The connection is lost to the load; that its call was not answered is in the report.
                failed++;
                fault = String.valueOf(broken.getMessage());
            }
        }

        private void one(long due) throws IOException {
            for (long left = due - System.nanoTime(); due > 0 && left > 0; left = due - System.nanoTime())
                LockSupport.parkNanos(left);
            long begin = due > 0 ? due : System.nanoTime();
            var wrong = call(line);
            if (!wrong.isEmpty()) {
                failed++;
                fault = wrong;
                return;
            }
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
            nanos[count++] = System.nanoTime() - begin;
        }
    }
}
