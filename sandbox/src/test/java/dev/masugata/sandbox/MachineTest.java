package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What `doctor` and the banner say of this machine.
class MachineTest {
    @TempDir
    Path home;

    @Test
    @EnabledIf("dev.masugata.sandbox.Legs#canSeal")
    void everyWallNamedWasSeen() throws Exception {
        try (var bench = new Bench()) {
            var machine = Machine.probe(bench.home, bench.outside);
            assertTrue(machine.seals(), machine.parts().toString());
            assertEquals(List.of("namespaces", "seccomp", "no privileges", "overlay"), machine.walls());
            assertEquals(List.of(), bench.sandbox.stored());
            assertArrayEmpty(bench.home.resolve("sessions"));
        }
    }

    private static void assertArrayEmpty(Path directory) throws Exception {
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    /// Where a trial cannot be made no wall is named, and the line that mends it is told.
    @Test
    void withoutATrialNoWall() {
        var machine = Machine.probe(home.resolve("absent"), home);
        assertEquals(List.of(), machine.walls());
        assertFalse(machine.seals());
        assertTrue(machine.parts().stream()
                .anyMatch(it -> it.state() == Machine.State.MISSING && it.mend().isPresent()));
    }
}
