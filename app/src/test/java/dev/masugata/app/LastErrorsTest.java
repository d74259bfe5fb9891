package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastErrorsTest {
    private final LastErrors errors = new LastErrors();

    private static Thread reader() {
        return Thread.ofVirtual().unstarted(() -> {});
    }

    private Thread begin(String session, String server) throws Exception {
        var reader = reader();
        errors.begin(session, server, reader);
        reader.start();
        reader.join();
        return reader;
    }

    @Test
    void theLastLineOfTheLatestProcessIsKept() throws Exception {
        var first = begin("s-1", "files");
        errors.wrote("s-1", "files", first, "one");
        errors.wrote("s-1", "files", first, "two");
        errors.wrote("s-1", "files", first, " ");
        assertEquals(Optional.of("two"), errors.take("s-1", "files"));
        begin("s-1", "files");
        errors.wrote("s-1", "files", first, "late");
        assertEquals(Optional.empty(), errors.take("s-1", "files"));
        assertEquals(Optional.empty(), errors.take("s-2", "files"), "another session's");
        assertEquals(Optional.empty(), errors.take("s-1", "mail"), "another server's");
    }

    @Test
    void noMoreAreKeptThanTheBound() throws Exception {
        for (int i = 0; i <= LastErrors.KEPT_MAX; i++) errors.wrote("s-" + i, "x", begin("s-" + i, "x"), "line");
        assertEquals(Optional.empty(), errors.take("s-0", "x"));
        assertEquals(Optional.of("line"), errors.take("s-1", "x"));
        assertEquals(Optional.of("line"), errors.take("s-" + LastErrors.KEPT_MAX, "x"));
    }
}
