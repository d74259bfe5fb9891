package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/// SIGKILL while many callers record: what was acknowledged is there, the rest is whole.
class CrashTest {
    private static final int ROUNDS = 2;

    @TempDir(factory = TempDirFactory.Standard.class)
    Path directory;

    @Test
    void everyAcknowledgedEntrySurvivesAKill() throws Exception {
        var home = new Home(directory);
        Map<Long, String> acknowledged = new HashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            acknowledged.putAll(killed("round" + round, 300 * round));
            var report = home.verify();
            assertTrue(report.holds(), () -> report.bad().toString());
            assertTrue(report.events() >= acknowledged.size());
            try (var ledger = home.open()) {
                assertEquals(List.of(), ledger.problems());
                var reader = ledger.reader();
                for (var it : acknowledged.entrySet()) {
                    var entry = reader.entry(it.getKey()).orElseThrow(() -> new AssertionError("missing " + it));
                    assertTrue(entry.event().payload().toString().contains(it.getValue()), it.toString());
                }
                ledger.append(Samples.asked("s-after", "the next start writes on"));
            }
        }
        assertTrue(home.verify().holds());
    }

    /// Kills a writing process once it has acknowledged so many; returns all that it acknowledged, with what was in it.
    private Map<Long, String> killed(String name, int enough) throws Exception {
        var process = Child.java("WriteOn", directory, name).start();
        var acknowledged = new HashMap<Long, String>();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream()));
        var lines = new ArrayList<String>();
        for (String line; (line = out.readLine()) != null; ) {
            lines.add(line);
            if (lines.size() == enough) process.toHandle().destroyForcibly(); // SIGKILL; what it said is still read
        }
        assertEquals(128 + 9, process.waitFor());
        // The very last line may be cut off.
        for (var line : lines) {
            var words = line.split(" ");
            if (words.length == 3 && words[2].equals(".")) acknowledged.put(Long.valueOf(words[0]), words[1]);
        }
        assertTrue(acknowledged.size() >= enough - 1, "only " + acknowledged.size());
        return acknowledged;
    }
}
