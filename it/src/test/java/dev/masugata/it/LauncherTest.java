package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the launcher asks of a machine: what a seal is made with, and nothing that only a later version may use.
class LauncherTest {
    /// What the launcher itself is written with, and what a seal is made with. No `nft`, no `ip`, no `apt-get`.
    private static final Set<String> NEEDED = Set.of(
            "bwrap", "cat", "date", "dirname", "env", "find", "head", "id", "ls", "mkdir", "printf", "ps", "readlink",
            "rm", "sed", "setpriv", "setsid", "sh", "sleep", "stty", "tail", "touch", "uname", "unshare");

    @TempDir
    Path path;

    private void link(Set<String> without) throws IOException {
        for (var name : NEEDED)
            for (var place : List.of("/usr/bin", "/bin")) {
                var program = Path.of(place, name);
                var link = path.resolve(name);
                boolean there = Files.exists(link, LinkOption.NOFOLLOW_LINKS);
                if (!there && !without.contains(name) && Files.exists(program)) Files.createSymbolicLink(link, program);
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
        link(Set.of());
        assertFalse(Files.exists(path.resolve("nft")));
        assertEquals("sealed\n", run().ok().out());
    }

    @Test
    void whatTheLauncherDoesItselfIsExplainedToo() throws Exception {
        try (var gate = Gate.prepared("mcp: {}\n")) {
            for (var command : List.of("install", "test")) {
                var help = gate.run(command, "--help").ok().out();
                assertTrue(help.startsWith("usage: masugata " + command), help);
                assertTrue(help.split("Example", 2)[1].contains("masugata " + command), help);
                var unknown = gate.run(command, "--no-such-option");
                assertEquals(2, unknown.exit(), unknown.err());
                assertTrue(unknown.err().contains("--no-such-option`"), unknown.err());
            }
        }
    }

    @Test
    void whatASealNeedsIsNamedAndNothingElse() throws Exception {
        link(Set.of("bwrap"));
        var refused = run();
        assertEquals(125, refused.exit(), refused.err());
        assertTrue(refused.err().contains("needed and not here: bubblewrap."), refused.err());
    }
}
