package dev.masugata.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What bubblewrap is told (bwrap(1)), in its order: later mounts cover earlier ones.
///
/// The options travel through a memory file (`--args`), so that no value of the environment shows in the process list.
final class Bwrap {
    /// `/tmp`, `/var/tmp` and home of one process, each, in memory.
    static final long TMP_BYTES = 1L << 30;
    /// `/dev/shm` of one process.
    static final long SHM_BYTES = 256L << 20;

    /// The descriptors of the launched process after 0, 1 and 2.
    static final int ARGUMENTS = 3;
    static final int FILTER = 4;
    static final int BEGUN = 5;
    /// What is written there, a byte each: outside once the death signal is set, inside once the seal stands.
    static final int STEPS = 2;

    private static final List<String> SYSTEM = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");
    private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);

    private Bwrap() {}

    /// Where something staged in the session's namespace is shown.
    record Shown(Path staged, Path target, boolean writable) {}

    /// The options, each ended by a zero byte.
    static byte[] options(SealSpec spec, Identity who, Path etc, List<Shown> shown, List<Path> masked, Path directory) {
        var bwrap = new Bwrap();
        bwrap.namespaces(spec, who);
        bwrap.system(etc, masked);
        bwrap.memory(who);
        for (var one : shown)
            bwrap.add(one.writable() ? "--bind" : "--ro-bind").add(one.staged()).add(one.target());
        bwrap.add("--remount-ro", "/").add("--chdir").add(directory);
        bwrap.environment(spec.environment(), who);
        return bwrap.out.toByteArray();
    }

    private void namespaces(SealSpec spec, Identity who) {
        add("--unshare-user", "--disable-userns", "--unshare-pid", "--unshare-ipc", "--unshare-uts");
        add("--unshare-cgroup-try");
        if (spec.network() == SealSpec.Network.NONE) add("--unshare-net");
        add("--uid", Integer.toString(who.innerUid()), "--gid", Integer.toString(who.innerGid()));
        add("--hostname", "masugata", "--die-with-parent", "--cap-drop", "ALL");
        // A terminal's command becomes the leader of a session of its own inside (INNER_TERMINAL), as job control
        // wants it. The launcher holds no terminal of the host's in either case: it began a session without one.
        if (spec.terminal().isEmpty()) add("--new-session");
        add("--seccomp", Integer.toString(FILTER));
    }

    private void system(Path etc, List<Path> masked) {
        add("--ro-bind", "/usr", "/usr");
        for (var path : masked)
            if (path.startsWith("/usr"))
                add("--tmpfs").add(path).add("--remount-ro").add(path);
        for (var name : SYSTEM) {
            var path = Path.of("/", name);
            if (Files.isSymbolicLink(path)) add("--symlink").add(target(path)).add(path);
            else if (Files.isDirectory(path)) add("--ro-bind").add(path).add(path);
        }
        add("--ro-bind").add(etc).add(Path.of("/etc"));
        add("--proc", "/proc", "--dev", "/dev");
        add("--size", Long.toString(SHM_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm");
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (java.io.IOException e) {
            return "usr/" + link.getFileName();
        }
    }

    private void memory(Identity who) {
        for (var place : List.of("/tmp", "/var/tmp"))
            add("--size", Long.toString(TMP_BYTES), "--perms", "1777", "--tmpfs", place);
        add("--dir", "/run", "--symlink", "../run", "/var/run");
        add("--size", Long.toString(TMP_BYTES), "--perms", "0700", "--tmpfs").add(who.home());
    }

    private void environment(Map<String, String> given, Identity who) {
        var all = new TreeMap<>(Map.of(
                "PATH", PATH,
                "HOME", who.home().toString(),
                "USER", who.name(),
                "LOGNAME", who.name(),
                "SHELL", Etc.shell(),
                "TMPDIR", "/tmp"));
        all.putAll(given);
        add("--clearenv");
        all.forEach((name, value) -> add("--setenv", name, value));
    }

    private Bwrap add(String... words) {
        for (var word : words) {
            out.writeBytes(word.getBytes(StandardCharsets.UTF_8));
            out.write(0);
        }
        return this;
    }

    private Bwrap add(Path path) {
        out.writeBytes(TreePath.raw(path).getBytes(StandardCharsets.ISO_8859_1));
        out.write(0);
        return this;
    }

    /// Outside, before bubblewrap. Had the gate died before the death signal was set, none would come: then nobody
    /// reads the report any more, and it fails. `dash` calls the limit of processes `-p`, other shells `-u`.
    private static final String OUTER = """
        printf o >&%d || exit 125
        cd /
        umask 022
        ulimit -c 0
        ulimit -n 65536 2>/dev/null
        ulimit -p 8192 2>/dev/null || ulimit -u 8192 2>/dev/null
        exec "$@"
        """.formatted(BEGUN);

    /// Inside, the last step before the command: reports that the seal stands, says what is not there or cannot be
    /// run with a shell's exit codes (127, 126), and becomes the command. It looks along `PATH` by itself, for what the
    /// shell itself can do is no program.
    private static final String INNER = """
        printf i >&%d || exit 125
        exec %d>&-
        no() { printf 'masugata: `%%s` %%s\\n' "$1" "$2" >&2; exit "$3"; }
        it=$1
        case $1 in
        */*) ;;
        *) IFS=:
           for one in $PATH; do it=$one/$1; [ -f "$it" ] && [ -x "$it" ] && break; done
           unset IFS one ;;
        esac
        [ -e "$it" ] || no "$1" 'was not found inside the seal' 127
        [ -d "$it" ] && no "$1" 'is a directory, not a program' 126
        [ -x "$it" ] || no "$1" 'may not be executed: give it the right with `chmod +x`' 126
        unset it
        """.formatted(BEGUN, BEGUN);

    private static final String INNER_PIPES = INNER + "exec \"$@\"\n";
    private static final String INNER_TERMINAL = INNER + "exec /usr/bin/setsid --ctty -- \"$@\"\n";

    /// The whole chain of programs, each of which becomes the next.
    static List<String> command(Path bwrap, SealSpec spec, Identity who, Standing standing) {
        List<String> chain = new ArrayList<>(List.of("/usr/bin/setpriv"));
        if (standing == Standing.ROOT)
            chain.addAll(List.of(
                    "--reuid",
                    Integer.toString(who.outerUid()),
                    "--regid",
                    Integer.toString(who.outerGid()),
                    "--clear-groups"));
        chain.addAll(List.of("--inh-caps", "-all", "--ambient-caps", "-all", "--pdeathsig", "KILL", "--"));
        chain.addAll(List.of("/bin/sh", "-c", OUTER, "masugata"));
        chain.addAll(List.of(bwrap.toString(), "--args", Integer.toString(ARGUMENTS), "--"));
        var inner = spec.terminal().isPresent() ? INNER_TERMINAL : INNER_PIPES;
        chain.addAll(List.of("/bin/sh", "-c", inner, "masugata"));
        chain.addAll(spec.command());
        return chain;
    }
}
