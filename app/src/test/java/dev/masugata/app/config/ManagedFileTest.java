package dev.masugata.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.PolicyFiles;
import dev.masugata.policy.PolicyProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the owner of a machine asks of every gate: kept, or no gate starts.
class ManagedFileTest {
    private static final String FORBID = "@id(\"no-shell\") forbid (principal, action, resource)"
            + " when { context.class == \"execution\" };\n";

    @TempDir
    Path directory;

    private Path policies;
    private RootOwned owned;

    @BeforeEach
    void make() throws Exception {
        directory = directory.toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        policies = closed(Files.createDirectory(directory.resolve("policies")));
        closed(Files.writeString(policies.resolve("floor.cedar"), FORBID));
        // The owner of these files stands for root.
        owned = new RootOwned((int) Files.getAttribute(directory, "unix:uid"));
    }

    private static Path closed(Path path) throws Exception {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Managed read(String text) throws Exception {
        return ManagedFile.read(closed(Files.writeString(directory.resolve("managed.yaml"), text)), owned);
    }

    private String refused(String text) {
        return assertThrows(ConfigProblem.Invalid.class, () -> read(text)).getMessage();
    }

    @Test
    void whereThereIsNoneNothingIsAsked() throws Exception {
        assertEquals(Managed.NONE, ManagedFile.read(directory.resolve("managed.yaml"), owned));
        assertEquals(List.of(), Managed.NONE.asks());
        assertEquals(List.of("nothing"), read("# nothing yet\n").asks());
    }

    @Test
    void allOfItIsRead() throws Exception {
        var managed = read("policy: policies\napprovals: { separate: true }\n");
        assertEquals(List.of(policies), managed.policies());
        assertTrue(managed.separate());
        assertEquals(2, managed.asks().size());
        assertTrue(managed.asks().getFirst().startsWith("what " + policies + " forbids is forbidden"));
    }

    @Test
    void whatItForbidsStandsBeforeEveryOtherPolicy() throws Exception {
        var own = Files.writeString(directory.resolve("own.yaml"), "policy: own.cedar\n");
        Files.writeString(directory.resolve("own.cedar"), "permit (principal, action, resource);\n");
        for (var config : List.of(ConfigFile.defaults(), ConfigFile.read(own))) {
            var before = PolicyFiles.of(config);
            var under = PolicyFiles.of(config.under(read("policy: policies\n")));
            assertEquals(before, under.subList(1, under.size()));
            assertEquals(FORBID, under.getFirst().text());
        }
    }

    @Test
    void aPermitInItIsRefusedWithItsPlace() throws Exception {
        closed(Files.writeString(policies.resolve("open.cedar"), FORBID.replace("no-shell", "other")
                + "@id(\"all\") permit (principal, action, resource);\n"));
        var managed = read("policy: policies\n");
        var wrong = assertThrows(PolicyProblem.Invalid.class, () -> PolicyFiles.managed(managed)).getMessage();
        assertTrue(wrong.contains("open.cedar:2:1: policy `all`: a managed policy only forbids"), wrong);
        assertThrows(PolicyProblem.Invalid.class, () -> PolicyFiles.of(ConfigFile.defaults().under(managed)));
        Files.delete(policies.resolve("open.cedar"));
        assertEquals(1, PolicyFiles.managed(managed).size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'polcy: policies' | 1:1: unknown `polcy`; did you mean `policy`?",
        "'policy: nowhere' | `policy`: `",
        "'approvals: { separate: perhaps }' | `approvals.separate` must be true or false",
        "'ledger: { anchors: required }' | 1:20: `ledger.anchors` is required, and there is none",
        "'ledger: { anchors: some }' | `ledger.anchors` must be `required`",
        "'egress: { forbid: [evil/example] }' | `egress.forbid`: `evil/example` is no host",
        "'budgets: []' | unknown `budgets`",
    })
    void whatCannotBeKeptIsRefused(String text, String message) {
        var said = refused(text + "\n");
        assertTrue(said.startsWith(directory.resolve("managed.yaml") + ":1:") && said.contains(message), said);
    }

    @Test
    void whatIsNotRootsIsRefused() throws Exception {
        var file = closed(Files.writeString(directory.resolve("managed.yaml"), "policy: policies\n"));
        ManagedFile.read(file, owned);
        var foreign = assertThrows(
                ConfigProblem.Invalid.class, () -> ManagedFile.read(file, new RootOwned(owned.uid() + 1)));
        assertTrue(foreign.getMessage().contains("must belong to root"), foreign.getMessage());
    }

    /// Whoever may write the file, a policy, or the directory of either could take away what it asks.
    @Test
    void whatOthersMayWriteIsRefused() throws Exception {
        var file = closed(Files.writeString(directory.resolve("managed.yaml"), "policy: policies\n"));
        for (var open : List.of(file, directory, policies, policies.resolve("floor.cedar")))
            for (var mode : List.of("rwxrwxr-x", "rwxr-xrwx")) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
                var said = assertThrows(ConfigProblem.Invalid.class, () -> ManagedFile.read(file, owned)).getMessage();
                assertTrue(said.contains("`" + open + "` can be written by others than root: chmod go-w"), said);
                closed(open);
                ManagedFile.read(file, owned);
            }
    }

    /// A link is as good as where it leads; one that leads nowhere is not taken for no file.
    @Test
    void aLinkIsFollowedWithTheSameCare() throws Exception {
        var elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        closed(elsewhere);
        var real = closed(Files.writeString(elsewhere.resolve("real.yaml"), "approvals: { separate: true }\n"));
        var link = Files.createSymbolicLink(directory.resolve("managed.yaml"), real);
        assertTrue(ManagedFile.read(link, owned).separate());
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThrows(ConfigProblem.Invalid.class, () -> ManagedFile.read(link, owned));
        Files.delete(real);
        assertThrows(ConfigProblem.Invalid.class, () -> ManagedFile.read(link, owned));
    }

    @Test
    void nobodyApprovesInSessionsOfTheirOwn() throws Exception {
        var managed = read("approvals: { separate: true }\n");
        assertTrue(managed.refuses("alice", "alice").orElseThrow().contains("wants another person to approve"));
        assertFalse(managed.refuses("bob", "alice").isPresent());
        assertFalse(Managed.NONE.refuses("alice", "alice").isPresent());
        assertFalse(read("approvals: { separate: false }\n").refuses("alice", "alice").isPresent());
    }

    @Test
    void asWhomRootShowsIsKnown() throws Exception {
        assertEquals(65534, RootOwned.nobody());
        assertEquals(0, RootOwned.under(List.of("         0          0 4294967295"), 65534).uid());
        assertEquals(65534, RootOwned.under(List.of("      1001       1001          1"), 65534).uid());
        assertEquals((int) Files.getAttribute(Path.of("/"), "unix:uid"), RootOwned.here().uid());
    }
}
