package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.masugata.net.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path directory;

    private static Home home(Path at) {
        return Home.of(Optional.of(at));
    }

    private static String refusal(Path at) {
        return String.valueOf(assertThrows(Home.Unusable.class, home(at)::make).getMessage());
    }

    @Test
    void isMadeForItsOwnerAlone() throws Exception {
        home(directory.resolve("a/b")).make();
        home(directory.resolve("a/b")).make();
        assertEquals(0700, (int) Files.getAttribute(directory.resolve("a/b"), "unix:mode") & 0777);
    }

    @Test
    void aFileIsNone() throws Exception {
        var said = refusal(Files.writeString(directory.resolve("file"), ""));
        assertTrue(said.contains("is not a directory") && said.contains("`MASUGATA_HOME`"), said);
    }

    @Test
    void itsPathLeavesPlaceForTheSocket() throws Exception {
        int left = Listener.Unix.PATH_BYTES - directory.toString().length() - "//control.sock".length();
        home(directory.resolve("x".repeat(left))).make();
        var said = refusal(directory.resolve("y".repeat(left + 1)));
        assertTrue(said.contains("has 108 bytes") && said.contains("may have 107"), said);
        assertFalse(Files.exists(directory.resolve("y".repeat(left + 1))));
    }

    @Test
    void anotherUsersIsRefused() throws Exception {
        Assumptions.assumeTrue(new UnixSystem().getUid() == 0, "only root can give a directory away");
        var foreign = directory.resolve("foreign");
        home(foreign).make();
        Files.setAttribute(foreign, "unix:uid", 65534);
        var said = refusal(foreign);
        assertTrue(said.contains("and not to you"), said);
        Files.setAttribute(foreign, "unix:uid", 0);
        home(foreign).make();
    }
}
