package dev.masugata.checkpoint;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One process of a server for several sessions. Each has a lane of its own: the ids of its requests begin where no
/// other's do, so an answer says whose it is. The process is greeted once. Since it can tell one session what another
/// told it, what it says carries the labels of all who wrote to it.
///
/// What it asks on its own account is refused: nobody could say of whom.
public final class SharedPipes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// Bytes that wait for a session that does not read; past it that session's connection ends, and no other's.
    static final int LANE_BYTES_MAX = 4 * StdioExit.MESSAGE_BYTES_MAX;
    /// Requests of one lane: its ids lie between two multiples of it. All stay exact in a double.
    static final long LANE_IDS = 1L << 32;

    private final String server;
    private final Pipes.Launcher launcher;
    private final Labels labels;
    private final Object writing = new Object();
    private final Map<Long, Lane> lanes = new LinkedHashMap<>();
    private long count;
    private @Nullable Process process;

    /// The labels of all who have written to it, also in an earlier life of it: its files may outlive it.
    public interface Labels {
        /// Raises them, durably; returns when that is so.
        void raise(Set<String> more);
    }

    public SharedPipes(String server, Pipes.Launcher launcher, Labels labels) {
        this.server = server;
        this.launcher = launcher;
        this.labels = labels;
    }

    /// Gives a session its lane; the process is started if it does not run.
    ///
    /// @param written the session's labels, now
    public synchronized Pipes join(Supplier<Set<String>> written) throws IOException {
        if (process == null) {
            process = new Process(launcher.launch());
            process.begin();
        }
        var lane = new Lane(++count, process, written);
        lanes.put(lane.number, lane);
        return new Pipes(lane.out, lane.in, lane::leave, lane.number * LANE_IDS);
    }

    private synchronized Optional<Lane> lane(long id) {
        return Optional.ofNullable(lanes.get(id / LANE_IDS));
    }

    private synchronized Set<Lane> all() {
        return new HashSet<>(lanes.values());
    }

    private synchronized void ended(Process it) {
        if (process == it) process = null;
        lanes.values().removeIf(lane -> {
            if (lane.process != it) return false;
            lane.end();
            return true;
        });
    }

    /// Ends the process, and with it every lane.
    @Override
    public void close() {
        Process ending;
        synchronized (this) {
            ending = process;
        }
        if (ending != null) ending.pipes.end().run();
    }

    // --- one life of the process ------------------------------------------------------------------------------------

    private final class Process {
        final Pipes pipes;
        private Json.@Nullable Obj greeting;
        private boolean told;
        /// Who waits for the greeting; the first of them asked for it.
        private final Map<Json, Lane> greeted = new LinkedHashMap<>();

        Process(Pipes pipes) {
            this.pipes = pipes;
        }

        void begin() {
            Thread.ofPlatform().daemon().name("from shared " + server).start(this::read);
        }

        private void read() {
            try (var in = new BufferedInputStream(pipes.fromServer(), 64 * 1024)) {
                var line = new LineBuffer(StdioExit.MESSAGE_BYTES_MAX);
                for (var bytes = line.next(in); bytes.isPresent(); bytes = line.next(in))
                    if (bytes.get().length > 0) arrived(bytes.get());
            } catch (IOException | RuntimeException failed) {
                LOG.log(Level.DEBUG, "server " + server + " is no longer read", failed);
            } finally {
                pipes.end().run();
                ended(this);
            }
        }

        private void arrived(byte[] line) throws IOException {
            switch (JsonRpc.read(line, Limits.DEFAULT.withBytes(StdioExit.MESSAGE_BYTES_MAX))) {
                case JsonRpc.Result result -> answered(result.id(), line, result);
                case JsonRpc.Failure failure ->
                    answered(failure.id() == null ? Json.NULL : failure.id(), line, failure);
                case JsonRpc.Request request -> asked(request);
                case JsonRpc.Notification notification -> {
                    var token = notification.params().integer("progressToken");
                    if (notification.method().equals("notifications/progress") && token.isPresent())
                        lane(token.get()).ifPresent(it -> it.take(line));
                    else all().forEach(it -> it.take(line));
                }
                // Each of them counts it as it would alone.
                case JsonRpc.Malformed _ -> all().forEach(it -> it.take(line));
            }
        }

        private void answered(Json id, byte[] line, JsonRpc.Message message) {
            if (isGreeting(id, message)) return;
            if (id instanceof Json.Num number && number.asLong().isPresent())
                lane(number.asLong().get()).ifPresent(it -> it.take(line));
            else all().forEach(it -> it.take(line));
        }

        private boolean isGreeting(Json id, JsonRpc.Message message) {
            Map<Json, Lane> waiting;
            synchronized (greeted) {
                if (!greeted.containsKey(id)) return false;
                if (message instanceof JsonRpc.Result(_, var said)) greeting = said;
                waiting = new LinkedHashMap<>(greeted);
                greeted.clear();
            }
            waiting.forEach((own, lane) -> lane.take(JsonWriter.bytes(switch (message) {
                case JsonRpc.Failure failure ->
                    new JsonRpc.Failure(own, failure.code(), failure.message(), failure.data()).toJson();
                default -> new JsonRpc.Result(own, ((JsonRpc.Result) message).result()).toJson();
            })));
            return true;
        }

        private void asked(JsonRpc.Request request) throws IOException {
            boolean alive = request.method().equals("ping");
            write(JsonWriter.bytes(alive
                    ? new JsonRpc.Result(request.id(), Json.EMPTY).toJson()
                    : new JsonRpc.Failure(request.id(), JsonRpc.METHOD_NOT_FOUND,
                            "this server is shared: nobody can be asked", null).toJson()));
        }

        /// What a lane says, as it is; but it is greeted once.
        void said(Lane lane, byte[] line) throws IOException {
            switch (JsonRpc.read(line, Limits.DEFAULT.withBytes(StdioExit.MESSAGE_BYTES_MAX))) {
                case JsonRpc.Request(var id, var method, _) when method.equals("initialize") -> greet(lane, id, line);
                case JsonRpc.Notification(var method, _) when method.equals("notifications/initialized") -> {
                    boolean first;
                    synchronized (greeted) {
                        first = !told;
                        told = true;
                    }
                    if (first) write(line);
                }
                default -> write(line);
            }
        }

        private void greet(Lane lane, Json id, byte[] line) throws IOException {
            Json.Obj known;
            boolean first;
            synchronized (greeted) {
                known = greeting;
                first = greeted.isEmpty();
                if (known == null) greeted.put(id, lane);
            }
            if (known != null) lane.take(JsonWriter.bytes(new JsonRpc.Result(id, known).toJson()));
            else if (first) write(line);
        }

        private void write(byte[] line) throws IOException {
            synchronized (writing) {
                pipes.toServer().write(line);
                pipes.toServer().write('\n');
                pipes.toServer().flush();
            }
        }
    }

    // --- one session's part -----------------------------------------------------------------------------------------

    private final class Lane {
        final long number;
        final Process process;
        private final Supplier<Set<String>> written;
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        private long waitingBytes;
        private boolean over;

        Lane(long number, Process process, Supplier<Set<String>> written) {
            this.number = number;
            this.process = process;
            this.written = written;
        }

        synchronized void take(byte[] line) {
            if (over) return;
            waitingBytes += line.length + 1;
            if (waitingBytes > LANE_BYTES_MAX) {
                LOG.log(Level.WARNING, "a session does not read what shared server " + server
                        + " says; it is left out");
                over = true;
            } else waiting.add(line);
            notifyAll();
        }

        /// No more comes; what came can still be read.
        synchronized void end() {
            over = true;
            notifyAll();
        }

        void leave() {
            synchronized (SharedPipes.this) {
                lanes.remove(number);
            }
            end();
        }

        private synchronized byte @Nullable [] next() throws InterruptedException {
            while (waiting.isEmpty() && !over) wait();
            var line = waiting.poll();
            if (line != null) waitingBytes -= line.length + 1;
            return line;
        }

        final InputStream in = new InputStream() {
            private byte[] line = new byte[0];
            private int at;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                if (most == 0) return 0;
                if (at == line.length) {
                    try {
                        var next = next();
                        if (next == null) return -1;
                        line = java.util.Arrays.copyOf(next, next.length + 1);
                        line[next.length] = '\n';
                        at = 0;
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                        throw new IOException("interrupted", stopped);
                    }
                }
                int count = Math.min(most, line.length - at);
                System.arraycopy(line, at, into, from, count);
                at += count;
                return count;
            }
        };

        final OutputStream out = new OutputStream() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public void write(int b) throws IOException {
                if (b != '\n') {
                    line.write(b);
                    return;
                }
                var whole = line.toByteArray();
                line.reset();
                synchronized (Lane.this) {
                    if (over) throw new IOException(server + " has ended");
                }
                // Before it can know: whatever it says from now on may hold it.
                labels.raise(written.get());
                process.said(Lane.this, whole);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                for (int i = from; i < from + count; i++) write(bytes[i]);
            }
        };
    }
}
