package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `/etc` of a seal: what is taken from the machine, what is not, what is made.
class EtcTest {
    private static final Identity WHO = new Identity(7, 7, 1000, 1001, "alice", Path.of("/home/alice"), false);

    @TempDir
    Path base;

    @Test
    void onlyWhatIsListedAndPublicIsTaken() throws Exception {
        var machine = Files.createDirectory(base.resolve("machine"));
        var target = Files.createDirectory(base.resolve("target"));
        for (var name : new String[] {"services", "shells", "shadow", "gitconfig", "npmrc", "hosts", "inputrc"})
            Files.writeString(machine.resolve(name), "the machine's\n");
        Files.setPosixFilePermissions(machine.resolve("inputrc"), PosixFilePermissions.fromString("rw-------"));
        Files.write(machine.resolve("ld.so.cache"), new byte[Etc.FILE_BYTES + 1]);
        Files.createSymbolicLink(machine.resolve("localtime"), Path.of("services"));
        Etc.fill(machine, target, WHO);
        Set<String> names = new TreeSet<>();
        try (var all = Files.list(target)) {
            all.forEach(it -> names.add(it.getFileName().toString()));
        }
        assertEquals(
                Set.of(
                        "services",
                        "shells",
                        "localtime",
                        "passwd",
                        "group",
                        "hosts",
                        "hostname",
                        "resolv.conf",
                        "nsswitch.conf"),
                names);
        assertEquals(
                "services", Files.readSymbolicLink(target.resolve("localtime")).toString());
        assertTrue(Files.readString(target.resolve("passwd")).contains("\nalice:x:1000:1001::/home/alice:/bin/"));
        assertTrue(Files.readString(target.resolve("hosts")).contains("198.18.0.1 masugata.internal\n"));
        assertFalse(Files.readString(target.resolve("hosts")).contains("the machine's"));
    }
}
