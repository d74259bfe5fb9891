package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A caller gets the one credential of its groups, or none at all.
class LendingTest {
    private static final Credential HR = credential("kb-hr");
    private static final Credential ENGINEERING = credential("kb-eng");

    private static Credential credential(String name) {
        return new Credential.Value(name, new Source.InEnvironment("X"), "https://kb.example.com", "Authorization", "Bearer {}");
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

    @Test
    void whatIsEverybodysNeedsNoGroup() {
        assertEquals(lent(HR), new Lending.Everybodys(HR).to(Set.of("engineering")));
        assertEquals(new Lending.Choice.Lent(Optional.empty(), Set.of()), new Lending.Nothing().to(Set.of("hr")));
    }
}
