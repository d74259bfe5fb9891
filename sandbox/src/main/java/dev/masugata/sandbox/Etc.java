package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;

/// The `/etc` of a seal: made here, with those parts of the machine's that programs need and that tell nothing.
///
/// Left out on purpose: other users, `hosts`, package managers' and language tools' settings (they hold tokens),
/// `environment`, `gitconfig`, `profile.d`.
final class Etc {
    /// A file of the machine's `/etc` larger than this is left out; the linker's cache is the largest wanted.
    static final int FILE_BYTES = 4 << 20;

    private static final List<String> TAKEN = List.of(
            "alternatives",
            "ssl/certs",
            "ssl/openssl.cnf",
            "pki/tls",
            "pki/ca-trust",
            "ca-certificates.conf",
            "crypto-policies",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "timezone",
            "os-release",
            "debian_version",
            "lsb-release",
            "services",
            "protocols",
            "networks",
            "mime.types",
            "magic",
            "magic.mime",
            "inputrc",
            "terminfo",
            "bash.bashrc",
            "profile",
            "shells",
            "fonts",
            "vim",
            "nanorc",
            "gai.conf",
            "locale.alias",
            "locale.conf",
            "perl",
            "python3",
            "java",
            "maven/m2.conf",
            "maven/logging",
            "xml",
            "sgml");
    /// Such as `java-17-openjdk`: the JDK's own configuration lies here on Debian.
    private static final List<String> TAKEN_BEGINNINGS = List.of("java-", "python3.");

    private final Path machine;
    private final Path target;

    private Etc(Path machine, Path target) {
        this.machine = machine;
        this.target = target;
    }

    /// Fills an empty directory; directories of the machine are mounted into it, in the calling thread's namespace.
    static void fill(Path machine, Path target, Identity identity) throws IOException {
        var etc = new Etc(machine, target);
        for (var name : TAKEN) etc.take(name);
        try (var names = Files.newDirectoryStream(
                machine,
                it -> TAKEN_BEGINNINGS.stream().anyMatch(it.getFileName().toString()::startsWith))) {
            for (var one : names) etc.take(one.getFileName().toString());
        }
        etc.write(identity);
    }

    /// Puts the session's own files beside.
    static void add(Path target, Map<String, byte[]> files) throws IOException {
        if (files.isEmpty()) return;
        var own = Files.createDirectories(target.resolve("masugata"));
        for (var file : files.entrySet()) Files.write(own.resolve(file.getKey()), file.getValue());
    }

    private void take(String name) throws IOException {
        var from = machine.resolve(name);
        var to = target.resolve(name);
        if (Files.isSymbolicLink(from)) {
            Files.createDirectories(to.getParent());
            Files.createSymbolicLink(to, Files.readSymbolicLink(from));
        } else if (Files.isDirectory(from)) {
            Files.createDirectories(to);
            try (var directory = UnsafeFiles.open(TreePath.raw(from), UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY)) {
                UnsafeMounts.bindAll(directory, TreePath.raw(to));
            }
        } else if (isPublic(from) && Files.size(from) <= FILE_BYTES) {
            Files.createDirectories(to.getParent());
            Files.write(to, Files.readAllBytes(from));
        }
    }

    /// What only root may read stays with root, also where the gate is root.
    private static boolean isPublic(Path file) throws IOException {
        return Files.isRegularFile(file)
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private void write(Identity who) throws IOException {
        var user = "%s:x:%d:%d::%s:%s\n".formatted(who.name(), who.innerUid(), who.innerGid(), who.home(), shell());
        write(
                "passwd",
                "root:x:0:0::/nonexistent:/usr/sbin/nologin\n" + user
                        + "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n");
        write("group", "root:x:0:\n%s:x:%d:\nnogroup:x:65534:\n".formatted(who.name(), who.innerGid()));
        write(
                "hosts",
                "127.0.0.1 localhost masugata\n::1 localhost\n%s masugata.internal\n"
                        .formatted(SealedSession.GATE.getHostAddress()));
        write("hostname", "masugata\n");
        // Nothing answers there before the egress gate stands: a lookup fails at once instead of waiting.
        write(
                "resolv.conf",
                "nameserver %s\noptions timeout:1 attempts:1\n".formatted(SealedSession.GATE.getHostAddress()));
        write("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(target.resolve(name), text);
    }

    /// The shell that a terminal in a seal has unless told otherwise.
    static String shell() {
        return Files.isExecutable(Path.of("/usr/bin/bash")) || Files.isExecutable(Path.of("/bin/bash"))
                ? "/bin/bash"
                : "/bin/sh";
    }
}
