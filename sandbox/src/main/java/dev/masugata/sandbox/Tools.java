package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The programs of the machine that a seal is made with.
///
/// @param bwrap bubblewrap, by its absolute path
/// @param version of it
record Tools(Path bwrap, String version) {
    /// `--disable-userns` and `--size` are there since then.
    static final String OLDEST = "0.8.0";
    static final String MEND = "install bubblewrap " + OLDEST + " or newer: apt install bubblewrap";

    /// Not along `PATH`: what a seal is made with is the system's, never a file of a workspace.
    private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/local/bin");
    private static final List<String> OTHERS =
            List.of("/usr/bin/setpriv", "/usr/bin/setsid", "/usr/bin/unshare", "/bin/sh");
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?");

    /// @throws SealException naming what is missing and how to get it
    static Tools find() throws SealException {
        if (!UnsafeSpawn.available())
            throw new SealException("the C library is too old: a seal needs glibc 2.34 or newer");
        for (var other : OTHERS)
            if (!Files.isExecutable(Path.of(other)))
                throw new SealException("`" + other + "` is missing: apt install util-linux");
        var bwrap = PLACES.stream()
                .map(place -> Path.of(place, "bwrap"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new SealException("`bwrap` is missing: " + MEND));
        var version = version(bwrap);
        if (compare(version, OLDEST) < 0)
            throw new SealException("`" + bwrap + "` is version " + version + ": " + MEND);
        return new Tools(bwrap, version);
    }

    private static String version(Path bwrap) throws SealException {
        try (var out = UnsafeProcess.pipe(UnsafeProcess.Ours.READ);
                var empty = UnsafeProcess.memory(new byte[0]);
                var said = new UnsafeStream(out.read().release())) {
            var pid = UnsafeSpawn.start(
                    List.of(bwrap.toString(), "--version"),
                    Map.of("PATH", "/usr/bin:/bin"),
                    List.of(empty.number(), out.write().number(), out.write().number()));
            out.write().close();
            var text = new String(said.input().readNBytes(1000), StandardCharsets.UTF_8);
            UnsafeProcess.await(pid);
            var match = VERSION.matcher(text);
            if (match.find()) return match.group();
            throw new SealException("`" + bwrap + " --version` said `" + Visible.text(text.strip()) + "`");
        } catch (IOException e) {
            throw new SealException("`" + bwrap + "` cannot be started: " + e.getMessage(), e);
        }
    }

    static int compare(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
        var match = VERSION.matcher(version);
        if (!match.matches()) return new int[3];
        var patch = Optional.ofNullable(match.group(3)).orElse("0");
        return new int[] {Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), Integer.parseInt(patch)};
    }
}
