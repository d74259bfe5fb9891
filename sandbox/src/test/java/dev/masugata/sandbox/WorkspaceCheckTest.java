package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which directories may be a workspace.
class WorkspaceCheckTest {
    @TempDir
    Path base;

    private Path user;
    private Path home;
    private Path installation;
    private Path shop;

    @BeforeEach
    void lay() throws Exception {
        base = base.toRealPath();
        user = Files.createDirectories(base.resolve("user"));
        home = Files.createDirectories(user.resolve(".masugata"));
        installation = Files.createDirectories(base.resolve("opt/masugata"));
        Files.createDirectories(installation.resolve("lib"));
        shop = Files.createDirectories(user.resolve("shop"));
    }

    private String refused(Path asked) throws Exception {
        var check = WorkspaceCheck.of(asked, user, List.of(home, installation));
        var reason = assertInstanceOf(WorkspaceCheck.Refused.class, check, asked.toString())
                .reason();
        assertTrue(reason.contains("--workspace DIR"), reason);
        return reason;
    }

    @Test
    void aProjectIsGood() throws Exception {
        assertEquals(new WorkspaceCheck.Good(shop), WorkspaceCheck.of(shop, user, List.of(home, installation)));
        var link = Files.createSymbolicLink(base.resolve("link"), shop);
        assertEquals(new WorkspaceCheck.Good(shop), WorkspaceCheck.of(link, user, List.of(home, installation)));
    }

    @Test
    void homesAndAllThatContainsThemAreNot() throws Exception {
        assertTrue(refused(user).contains("home directory"));
        assertTrue(refused(base).contains("home directory"));
        assertTrue(refused(Path.of("/")).contains("whole machine"));
        for (var shown :
                List.of(home, home.resolve("sub"), installation, installation.resolve("lib"), base.resolve("opt"))) {
            Files.createDirectories(shown);
            assertTrue(refused(shown).contains("no session may see"), shown.toString());
        }
        assertTrue(
                refused(Files.createSymbolicLink(base.resolve("alias"), home)).contains("no session may see"));
    }

    @Test
    void norTheMachineItself() throws Exception {
        for (var system : List.of("/etc", "/usr", "/opt", "/boot"))
            assertTrue(refused(Path.of(system)).contains("system directory"), system);
        assertTrue(refused(Path.of("/proc/self")).contains("/proc"));
    }

    @Test
    void norWhatIsNoDirectory() throws Exception {
        assertTrue(refused(base.resolve("absent")).contains("does not exist"));
        assertTrue(refused(Files.createFile(base.resolve("file"))).contains("not a directory"));
    }

    @Test
    void norOfAnotherUser() throws Exception {
        var foreign = WorkspaceCheck.of(Path.of("/usr/share/doc"), user, List.of(home));
        if (Legs.isRoot()) assertInstanceOf(WorkspaceCheck.Good.class, foreign);
        else
            assertTrue(assertInstanceOf(WorkspaceCheck.Refused.class, foreign)
                    .reason()
                    .contains("not to you"));
    }
}
