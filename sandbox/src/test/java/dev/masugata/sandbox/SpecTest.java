package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is refused before anything is started, and the small rules that need no machine.
class SpecTest {
    private static void refused(List<String> command, Map<String, String> environment) {
        assertThrows(IllegalArgumentException.class, () -> SealSpec.agent(command, environment));
    }

    @Test
    void limitsOfACommand() {
        refused(List.of(), Map.of());
        refused(List.of(""), Map.of());
        refused(List.of("a\0b"), Map.of());
        var words = Collections.nCopies(SealSpec.COMMAND_BYTES / 4, "abc");
        assertEquals(words, SealSpec.agent(words, Map.of()).command());
        refused(Collections.nCopies(SealSpec.COMMAND_BYTES / 4 + 1, "abc"), Map.of());
    }

    @Test
    void limitsOfTheEnvironment() {
        for (var name : List.of("", "A=B", "A B", "é", "N".repeat(256))) refused(List.of("x"), Map.of(name, "v"));
        refused(List.of("x"), Map.of("A", "\0"));
        refused(List.of("x"), Map.of("A", "v".repeat(SealSpec.VALUE_BYTES + 1)));
        SealSpec.agent(List.of("x"), Map.of("A", "v".repeat(SealSpec.VALUE_BYTES)));
        var many = IntStream.rangeClosed(0, SealSpec.VARIABLES)
                .boxed()
                .collect(Collectors.toMap(it -> "N" + it, it -> ""));
        refused(List.of("x"), many);
        many.remove("N0");
        SealSpec.agent(List.of("x"), many);
    }

    @Test
    void limitsOfBindsAndSessions() {
        var bind = new Bind(Path.of("/srv"), Path.of("/srv"), false);
        var spec = SealSpec.agent(List.of("x"), Map.of());
        assertThrows(IllegalArgumentException.class, () -> spec.with(Collections.nCopies(SealSpec.BINDS + 1, bind)));
        for (var place : List.of("relative", "/", "/etc", "/dev/x", "/sys", "/a/./b"))
            assertThrows(IllegalArgumentException.class, () -> new Bind(Path.of("/srv"), Path.of(place), false), place);
        for (var id : List.of("", "..", ".hidden", "a/b", "x".repeat(65), "a\n"))
            assertThrows(IllegalArgumentException.class, () -> new SessionSpec(id, Optional.empty(), List.of()), id);
        for (var port : List.of(0, -1, 65536))
            assertThrows(IllegalArgumentException.class, () -> new SessionSpec("s", Optional.empty(), List.of(port)));
    }

    @Test
    void whereLinksLead() {
        var workspace = Path.of("/home/alice/shop");
        for (var inside :
                List.of("a", "./a", "../a", "a/b", "/usr/bin/python3", "/home/alice/shop/x", "/home/alice/shop"))
            assertFalse(LinkTarget.leaves(TreePath.of("d/link"), inside, workspace), inside);
        for (var outside : List.of(
                "../../a",
                "/etc/passwd",
                "/home/alice",
                "/home/alice/shopping",
                "x/../../a",
                "/usr/../etc",
                "../..",
                "/home/alice/shop/../.ssh",
                "/")) assertTrue(LinkTarget.leaves(TreePath.of("d/link"), outside, workspace), outside);
        assertTrue(LinkTarget.leaves(TreePath.of("link"), "..", workspace));
    }

    @Test
    void pathsInAWorkspace() {
        for (var bad : List.of("/a", "a/", "a//b", "a\0", ".", "..", "a/../b", "./a"))
            assertThrows(IllegalArgumentException.class, () -> new TreePath(bad), bad);
        assertEquals("d/e", TreePath.of("d").child("e").raw());
        assertEquals(TreePath.ROOT, TreePath.of("d").parent());
        assertTrue(TreePath.of("d/e").within(TreePath.of("d")));
        assertFalse(TreePath.of("de").within(TreePath.of("d")));
        assertEquals("枡\\x0a", TreePath.of("枡\n").toString());
        assertEquals("\\xff", new TreePath("\u00ff").toString());
    }

    @Test
    void versionsOfBubblewrap() {
        assertTrue(Tools.compare("0.8.0", Tools.OLDEST) == 0);
        assertTrue(Tools.compare("0.11", Tools.OLDEST) > 0);
        assertTrue(Tools.compare("0.6.1", Tools.OLDEST) < 0);
    }
}
