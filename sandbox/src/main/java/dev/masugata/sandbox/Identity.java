package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// As whom a sealed process runs: outside never as root, inside as an ordinary user of the same name.
///
/// | gate | files of | outside | inside |
/// |---|---|---|---|
/// | ordinary user | that user | the user | the same uid |
/// | root | another user | that user | the same uid |
/// | root | root | [#UNPRIVILEGED], files shown as its own (idmapped layers) | 1000 |
/// | root | nobody: no files given | [#UNPRIVILEGED] | 1000 |
///
/// @param outerUid as the gate's namespace sees it
/// @param mapped whether root's files must be shown as this identity's own
record Identity(int outerUid, int outerGid, int innerUid, int innerGid, String name, Path home, boolean mapped) {
    /// A uid and gid that no distribution gives out (systemd's documentation of uid ranges leaves 60578-61183 free).
    static final int UNPRIVILEGED = 61171;

    private static final int INSIDE = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}");

    /// The identity for files of an owner.
    static Identity forOwner(Standing standing, int uid, int gid) {
        return switch (standing) {
            case ROOT -> uid == 0 ? unprivileged(known(0, 0).home()) : known(uid, gid);
            case ROOTLESS, NONE -> self();
        };
    }

    /// The identity of a process that is given no files.
    static Identity withoutFiles(Standing standing) {
        return switch (standing) {
            case ROOT -> unprivileged(Path.of("/home/agent"));
            case ROOTLESS, NONE -> self();
        };
    }

    private static Identity unprivileged(Path home) {
        return new Identity(UNPRIVILEGED, UNPRIVILEGED, INSIDE, INSIDE, "agent", home, true);
    }

    private static Identity known(int uid, int gid) {
        var entry = passwd(uid);
        var name = entry.map(fields -> fields[0])
                .filter(it -> NAME.matcher(it).matches())
                .orElse("agent");
        var home = entry.map(fields -> fields[5]).filter(it -> it.startsWith("/") && it.length() > 1);
        var group = entry.map(fields -> Integer.parseInt(fields[3])).orElse(gid);
        return new Identity(uid, group, uid, group, name, Path.of(home.orElse("/home/" + name)), false);
    }

    private static Identity self() {
        var uid = UnsafeKernel.effectiveUser();
        var gid = UnsafeKernel.effectiveGroup();
        var name = System.getProperty("user.name", "");
        var home = Path.of(System.getProperty("user.home", "")).toAbsolutePath().normalize();
        return new Identity(
                uid,
                gid,
                uid == 0 ? INSIDE : uid,
                gid == 0 ? INSIDE : gid,
                NAME.matcher(name).matches() && uid != 0 ? name : "agent",
                home.getNameCount() == 0 ? Path.of("/home/agent") : home,
                false);
    }

    private static Optional<String[]> passwd(int uid) {
        try (var lines = Files.lines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length == 7 && fields[2].equals(Integer.toString(uid)))
                    .filter(fields -> fields[3].matches("\\d{1,9}"))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
