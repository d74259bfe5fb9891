package dev.masugata.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The last line that a server wrote as an error, for the operator who asks why it ended. An agent is never told: it
/// is text of the server's, outside of everything that is inspected.
final class LastErrors {
    /// Servers of sessions of which it is kept; the oldest go.
    static final int KEPT_MAX = 256;
    /// What a server wrote before it ended may still be on its way.
    static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private record Of(String session, String server) {}

    private static final class Kept {
        private final Thread reader;
        private volatile @Nullable String line;

        private Kept(Thread reader) {
            this.reader = reader;
        }
    }

    private final Map<Of, Kept> all = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Of, Kept> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /// A new process of that server, with the thread that reads its errors.
    synchronized void begin(String session, String server, Thread reader) {
        all.put(new Of(session, server), new Kept(reader));
    }

    /// What that thread read; of an earlier process's thread nothing is taken.
    synchronized void wrote(String session, String server, Thread reader, String line) {
        var kept = all.get(new Of(session, server));
        if (kept != null && kept.reader == reader && !line.isBlank()) kept.line = line;
    }

    /// Its last line. Waits for the end of what an ended process wrote, for [#LAST_WORDS] at most.
    Optional<String> take(String session, String server) {
        var kept = kept(new Of(session, server));
        if (kept == null) return Optional.empty();
        try {
            kept.reader.join(LAST_WORDS);
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(kept.line);
    }

    private synchronized @Nullable Kept kept(Of of) {
        return all.get(of);
    }
}
