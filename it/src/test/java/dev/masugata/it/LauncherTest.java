package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the launcher asks of a machine: what a seal is made with, and nothing that only a later version may use.
class LauncherTest {
    /// Never used by this version; and what would install what is missing.
    private static final Set<String> NEVER = Set.of("nft", "ip", "apt-get");

    @TempDir
    Path path;

    private void linkPrograms(Set<String> without) throws IOException {
        for (var place : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin"))
            try (var programs = Files.list(Path.of(place))) {
                for (var program : programs.toList()) {
                    var link = path.resolve(program.getFileName());
                    var name = program.getFileName().toString();
                    boolean there = Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS);
                    if (!there && !NEVER.contains(name) && !without.contains(name))
                        Files.createSymbolicLink(link, program);
                }
            }
    }

    private Gate.Said run() throws IOException {
        try (var gate = Gate.prepared("mcp: {}\n")) {
            var environment = Map.of("PATH", path.toString());
            var work = gate.work().toString();
            return gate.run(environment, "", "run", "-q", "--workspace", work, "--", "echo", "sealed");
        }
    }

    @Test
    void aMachineWithWhatASealNeedsIsEnough() throws Exception {
        linkPrograms(Set.of());
        assertFalse(Files.exists(path.resolve("nft")));
        assertEquals("sealed\n", run().ok().out());
    }

    @Test
    void whatASealNeedsIsNamedAndNothingElse() throws Exception {
        linkPrograms(Set.of("bwrap"));
        var refused = run();
        assertEquals(125, refused.exit(), refused.err());
        assertTrue(refused.err().contains("needed and not here: bubblewrap."), refused.err());
    }
}
