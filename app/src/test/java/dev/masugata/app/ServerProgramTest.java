package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.credentials.Lending;
import dev.masugata.model.ContentLabels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is run is known by all that it is made of, and by nothing else.
class ServerProgramTest {
    @TempDir
    Path directory;

    private final ServerProgram programs = new ServerProgram();
    private Path script;

    @BeforeEach
    void install() throws IOException {
        directory = directory.toRealPath();
        var installed = Files.createDirectories(directory.resolve("pkg/dist"));
        Files.writeString(directory.resolve("pkg/package.json"), "{\"name\": \"@x/server\", \"version\": \"1.2.3\"}");
        script = Files.writeString(installed.resolve("index.js"), "run();");
        Files.writeString(installed.resolve("part.js"), "part");
    }

    private static ServerEntry entry(String... command) {
        return new ServerEntry(
                "s", List.of(command), Optional.empty(), new Lending.Nothing(), Optional.empty(), Map.of(), List.of(),
                        Map.of(),
                ContentLabels.of("untrusted"), false, false, List.of(), Duration.ofSeconds(5), false, List.of(), false);
    }

    private ServerProgram.Program of(String... command) throws IOException {
        return programs.of(entry(command)).orElseThrow();
    }

    private String digest(String... command) throws IOException {
        var digest = of(command).digest();
        assertEquals(digest, new ServerProgram().of(entry(command)).orElseThrow().digest(), "remembered as it is");
        return digest;
    }

    @Test
    void eachFileOfThePackageCounts() throws IOException {
        var before = digest("/bin/sh", script.toString());
        assertEquals(before, digest("/bin/sh", script.toString()));
        var part = directory.resolve("pkg/dist/part.js");
        Files.writeString(part, "trap");
        var changed = digest("/bin/sh", script.toString());
        assertNotEquals(before, changed);
        Files.writeString(part, "part");
        assertEquals(before, digest("/bin/sh", script.toString()), "it is back");
        Files.writeString(directory.resolve("pkg/more.js"), "");
        assertNotEquals(before, digest("/bin/sh", script.toString()));
        Files.move(directory.resolve("pkg/more.js"), directory.resolve("pkg/less.js"));
        var moved = digest("/bin/sh", script.toString());
        Files.delete(directory.resolve("pkg/less.js"));
        Files.createSymbolicLink(directory.resolve("pkg/less.js"), Path.of("/etc/hostname"));
        assertNotEquals(moved, digest("/bin/sh", script.toString()));
        var about = of("/bin/sh", script.toString()).about();
        assertEquals("@x/server", about.object("script").object("package").string("name").orElseThrow());
        assertEquals(4, about.object("script").object("package").integer("files").orElseThrow());
    }

    /// Same size, same time of writing: the time of the inode's change is another all the same.
    @Test
    void aTimeThatIsSetBackHidesNothing() throws IOException {
        var before = digest("/bin/sh", script.toString());
        var time = Files.getLastModifiedTime(script);
        Files.writeString(script, "RUN();");
        Files.setLastModifiedTime(script, FileTime.from(time.toInstant()));
        assertNotEquals(before, digest("/bin/sh", script.toString()));
    }

    @Test
    void whatAProgramWorksOnIsNotWhatIsRun() throws IOException {
        var data = Files.writeString(directory.resolve("data.json"), "1");
        var before = digest("/bin/true", data.toString());
        Files.writeString(data, "22");
        assertEquals(before, digest("/bin/true", data.toString()));
        assertEquals(digest("true"), digest("/bin/true", "other"));
        assertNotEquals(digest("/bin/false"), digest("/bin/true"));
        assertEquals(Optional.empty(), programs.of(entry("no-such-program-anywhere")));
    }

    @Test
    void aPackageThatIsTooLargeCannotBePinned() throws IOException {
        try (var sparse = new RandomAccessFile(directory.resolve("pkg/large").toFile(), "rw")) {
            sparse.setLength(ServerProgram.BYTES_MAX);
        }
        var large = assertThrows(IOException.class, () -> of("/bin/sh", script.toString()));
        assertTrue(large.getMessage().contains("cannot be pinned"), large.getMessage());
        Files.delete(directory.resolve("pkg/large"));
        for (int i = 0; i < ServerProgram.FILES_MAX - 3; i++) Files.createFile(directory.resolve("pkg/" + i));
        of("/bin/sh", script.toString());
        Files.createFile(directory.resolve("pkg/one-more"));
        assertThrows(IOException.class, () -> of("/bin/sh", script.toString()));
    }
}
