package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// All the tests of this room again as an ordinary user, as the launcher starts a gate: in a JVM of its own behind
/// [Rootless#prefix].
@Tag("legs")
class OrdinaryUserTest {
    private static final String USER = "masugata-test";

    @Test
    void theSameHoldsForAnOrdinaryUser() throws Exception {
        var shared = Files.setPosixFilePermissions(
                Files.createTempDirectory(Path.of("/var/tmp"), "masugata-leg"),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            var command = new ArrayList<String>();
            if (UnsafeKernel.effectiveUser() == 0) {
                assertEquals(0, Bench.host("id", USER).code(), "make the user `" + USER + "` first: it/make-test-user");
                command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--"));
            }
            command.addAll(Rootless.prefix());
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    shareClasspath(shared),
                    UserLeg.class.getName()));
            var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(shared.toFile());
            var home = Bench.host("sh", "-c", "echo ~" + (UnsafeKernel.effectiveUser() == 0 ? USER : ""))
                    .out()
                    .strip();
            builder.environment().put("HOME", home);
            builder.environment().remove("XDG_RUNTIME_DIR");
            var leg = builder.start();
            leg.getOutputStream().close();
            var said = Bench.collect(leg.getInputStream());
            var ended = leg.waitFor(90, TimeUnit.SECONDS);
            leg.destroyForcibly();
            System.out.print(said.get());
            assertTrue(ended, "the tests of the ordinary user hang");
            assertEquals(0, leg.exitValue(), said.get());
        } finally {
            try (var parent = UnsafeFiles.open("/var/tmp", UnsafeFiles.O_DIRECTORY)) {
                Removal.remove(parent, shared.getFileName().toString());
            }
        }
    }

    /// The build may lie where that user cannot read.
    private static String shareClasspath(Path shared) throws Exception {
        List<String> copied = new ArrayList<>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var from = Path.of(entry);
            if (!Files.exists(from)) continue;
            var to = shared.resolve(copied.size() + "-" + from.getFileName());
            copy(from, to);
            copied.add(to.toString());
        }
        return String.join(File.pathSeparator, copied);
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var all = Files.walk(from)) {
            for (var one : (Iterable<Path>) all::iterator) {
                var target = to.resolve(from.relativize(one).toString());
                Files.copy(one, target, StandardCopyOption.REPLACE_EXISTING);
                var rights = Files.isDirectory(one) ? "rwxr-xr-x" : "rw-r--r--";
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(rights));
            }
        }
    }
}
