package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// With what right this process makes namespaces.
public enum Standing {
    /// The machine's (or a container's) root with CAP_SYS_ADMIN.
    ROOT,
    /// An ordinary user inside a user namespace that the launcher made ([Rootless]).
    ROOTLESS,
    /// Neither: nothing can be sealed from this process.
    NONE;

    private static final int SYS_ADMIN = 21;

    /// That of this process.
    public static Standing here() {
        if (!System.getProperty("os.name").equals("Linux")) return NONE;
        try {
            var status = Files.readAllLines(Path.of("/proc/self/status"));
            if ((hex(status, "CapEff:") >> SYS_ADMIN & 1) == 0) return NONE;
            var everyone = Identity.UNPRIVILEGED < idsFromZero();
            return UnsafeKernel.effectiveUser() == 0 && everyone ? ROOT : ROOTLESS;
        } catch (IOException e) {
            return NONE;
        }
    }

    /// How many user ids, counted from 0 on, exist in this process's user namespace.
    static long idsFromZero() throws IOException {
        var first = Files.readAllLines(Path.of("/proc/self/uid_map"))
                .getFirst()
                .strip()
                .split("\\s+");
        return first[0].equals("0") ? Long.parseLong(first[2]) : 0;
    }

    private static long hex(java.util.List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }
}
