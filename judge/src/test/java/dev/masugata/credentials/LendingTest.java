package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A caller gets the one credential of its groups, or none at all.
class LendingTest {
    private static final Credential HR = credential("kb-hr");
    private static final Credential ENGINEERING = credential("kb-eng");

    private static Credential credential(String name) {
        return new Credential.Value(name, new Source.InEnvironment("X"), "https://kb.example.com", "Authorization",
                "Bearer {}");
    }

    private static Lending.Choice lent(Credential credential, String... groups) {
        return new Lending.Choice.Lent(Optional.of(credential), Set.of(groups));
    }

    @Test
    void theGroupChooses() {
        var kb = new Lending.ByGroup(Map.of("hr", HR, "engineering", ENGINEERING));
        assertEquals(lent(HR, "hr"), kb.to(Set.of("hr")));
        assertEquals(lent(ENGINEERING, "engineering"), kb.to(Set.of("engineering", "readers")));
        assertInstanceOf(Lending.Choice.Unclear.class, kb.to(Set.of()));
        assertInstanceOf(Lending.Choice.Unclear.class, kb.to(Set.of("readers")));
        assertInstanceOf(Lending.Choice.Unclear.class, kb.to(Set.of("hr", "engineering")));
    }

    @Test
    void severalGroupsWithOneCredentialAreClear() {
        var kb = new Lending.ByGroup(Map.of("hr", HR, "board", HR, "engineering", ENGINEERING));
        assertEquals(lent(HR, "hr", "board"), kb.to(Set.of("hr", "board")));
        assertInstanceOf(Lending.Choice.Unclear.class, kb.to(Set.of("hr", "board", "engineering")));
    }

    /// An agent is told when a credential is missing, but not where it should be.
    @Test
    void aMissingCredentialDoesNotSayWhere() throws Exception {
        var missing = new Source.InFile(Path.of("/nowhere/at/all"));
        var credential = new Credential.Value("kb", missing, "https://kb.example.com", "Authorization", "Bearer {}");
        var said = assertThrows(IOException.class, () -> credential.fill(Headers.EMPTY)).getMessage();
        assertFalse(said.contains("nowhere"), said);
        assertTrue(said.contains("masugata credentials"), said);
    }

    @Test
    void aCredentialFillsItsSlotAndNothingElse(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("key"), "value-1\nrest\n");
        var credential = new Credential.Value("kb", new Source.InFile(file), "https://kb.example.com", "X-Key", "k {}");
        var filled = credential.fill(Headers.of("x-key", "of-the-caller", "x-other", "stays"));
        assertEquals(List.of("k value-1"), filled.all("x-key"));
        assertEquals(Optional.of("stays"), filled.one("x-other"));
        // A rotated one counts at once.
        Files.writeString(file, "value-2\n");
        assertEquals(Optional.of("k value-2"), credential.fill(Headers.EMPTY).one("x-key"));
        assertTrue(credential.isFor("https://KB.example.com:443/mcp"));
        assertFalse(credential.isFor("https://kb.example.com.evil.example/mcp"));
        assertFalse(credential.isFor("http://kb.example.com/mcp"));
    }

    @Test
    void whatIsEverybodysNeedsNoGroup() {
        assertEquals(lent(HR), new Lending.Everybodys(HR).to(Set.of("engineering")));
        assertEquals(new Lending.Choice.Lent(Optional.empty(), Set.of()), new Lending.Nothing().to(Set.of("hr")));
    }
}
