package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Files by descriptor and by name in bytes: no path is walked twice, no symbolic link is ever followed.
///
/// Names are raw bytes in ISO 8859-1 strings ([TreePath]), since a name on Linux need not be text.
final class UnsafeFiles {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NONBLOCK = 04000;
    static final int O_DIRECTORY = UnsafeKernel.ARCH == Call.Arch.AARCH64 ? 040000 : 0200000;
    static final int O_NOFOLLOW = UnsafeKernel.ARCH == Call.Arch.AARCH64 ? 0100000 : 0400000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;
    static final int RENAME_NOREPLACE = 1;
    static final int RENAME_EXCHANGE = 2;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    private static final int NO_XDEV = 1;
    private static final int NO_MAGICLINKS = 2;
    private static final int NO_SYMLINKS = 4;
    private static final int BENEATH = 8;
    private static final int STATX_BASIC = 0x7ff;
    private static final int LISTING = 32 * 1024;
    private static final byte DT_UNKNOWN = 0;
    private static final byte DT_DIR = 4;
    private static final int HANDLE_BYTES = 128;
    private static final int LINK_LENGTH = 4096;

    private UnsafeFiles() {}

    /// Opens a real path from `/`; a symbolic link anywhere in it fails.
    static Fd open(String path, int flags) throws KernelException {
        return openat2(AT_FDCWD, path, flags, 0, NO_SYMLINKS | NO_MAGICLINKS);
    }

    /// Opens a namespace file of `/proc`, which the kernel makes a link of.
    static Fd openNamespace(String path) throws KernelException {
        return openat2(AT_FDCWD, path, O_RDONLY, 0, 0);
    }

    /// Opens what lies beneath a directory without leaving it, without following a link, without crossing into
    /// another mount. The empty path is the directory itself.
    static Fd open(Fd directory, String path, int flags) throws KernelException {
        return create(directory, path, flags, 0);
    }

    static Fd create(Fd directory, String path, int flags, int mode) throws KernelException {
        var under = path.isEmpty() ? "." : path;
        return openat2(directory.number(), under, flags, mode, BENEATH | NO_SYMLINKS | NO_MAGICLINKS | NO_XDEV);
    }

    private static Fd openat2(int at, String path, int flags, int mode, int resolve) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var how = arena.allocate(24, 8);
            how.set(JAVA_LONG_UNALIGNED, 0, flags | O_CLOEXEC);
            how.set(JAVA_LONG_UNALIGNED, 8, mode);
            how.set(JAVA_LONG_UNALIGNED, 16, resolve);
            return new Fd(
                    UnsafeKernel.must(Call.OPENAT2, at, UnsafeKernel.text(arena, bytes(path)), how.address(), 24));
        }
    }

    /// The entry of that name itself, never what a link points to; empty if there is none.
    static Optional<Stat> find(Fd directory, String name) throws KernelException {
        try {
            return Optional.of(statx(directory.number(), name, AT_SYMLINK_NOFOLLOW));
        } catch (KernelException e) {
            if (e.is(KernelException.ENOENT) || e.is(KernelException.ENOTDIR)) return Optional.empty();
            throw e;
        }
    }

    static Stat stat(Fd file) throws KernelException {
        return statx(file.number(), "", AT_EMPTY_PATH);
    }

    private static Stat statx(int at, String name, int flags) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(256, 8);
            var path = UnsafeKernel.text(arena, bytes(name));
            UnsafeKernel.must(Call.STATX, at, path, flags, STATX_BASIC, out.address(), 0);
            var mode = Short.toUnsignedInt(out.get(JAVA_SHORT_UNALIGNED, 28));
            return new Stat(
                    Stat.Kind.of(mode),
                    mode & 07777,
                    out.get(JAVA_INT_UNALIGNED, 16),
                    out.get(JAVA_INT_UNALIGNED, 20),
                    out.get(JAVA_INT_UNALIGNED, 24),
                    pair(out, 136),
                    out.get(JAVA_LONG_UNALIGNED, 32),
                    out.get(JAVA_LONG_UNALIGNED, 40),
                    time(out, 112),
                    time(out, 96),
                    pair(out, 128));
        }
    }

    private static long pair(MemorySegment out, long at) {
        return (long) out.get(JAVA_INT_UNALIGNED, at) << 32
                | Integer.toUnsignedLong(out.get(JAVA_INT_UNALIGNED, at + 4));
    }

    private static long time(MemorySegment out, long at) {
        return out.get(JAVA_LONG_UNALIGNED, at) * 1_000_000_000L + out.get(JAVA_INT_UNALIGNED, at + 8);
    }

    /// @param mayBeDirectory false: it is none; not every filesystem says
    record Entry(String name, boolean mayBeDirectory) {}

    /// The names in a directory opened for reading, without `.` and `..`, as the kernel gives them.
    static List<String> names(Fd directory) throws KernelException {
        return entries(directory).stream().map(Entry::name).toList();
    }

    static List<Entry> entries(Fd directory) throws KernelException {
        var entries = new ArrayList<Entry>();
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(LISTING, 8);
            while (true) {
                var filled = UnsafeKernel.must(Call.GETDENTS64, directory.number(), buffer.address(), LISTING);
                if (filled == 0) return entries;
                for (long at = 0; at < filled; at += Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, at + 16))) {
                    var name = buffer.getString(at + 19, StandardCharsets.ISO_8859_1);
                    var type = buffer.get(JAVA_BYTE, at + 18);
                    if (!name.equals(".") && !name.equals(".."))
                        entries.add(new Entry(name, type == DT_DIR || type == DT_UNKNOWN));
                }
            }
        }
    }

    static String readLink(Fd directory, String name) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(LINK_LENGTH);
            var path = UnsafeKernel.text(arena, bytes(name));
            var length = UnsafeKernel.must(Call.READLINKAT, directory.number(), path, out.address(), LINK_LENGTH);
            return new String(out.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }
    }

    static void rename(Fd directory, String from, Fd into, String to, int flags) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var source = UnsafeKernel.text(arena, bytes(from));
            var target = UnsafeKernel.text(arena, bytes(to));
            UnsafeKernel.must(Call.RENAMEAT2, directory.number(), source, into.number(), target, flags, 0);
        }
    }

    static void unlink(Fd directory, String name) throws KernelException {
        named(Call.UNLINKAT, directory, name, 0);
    }

    static void removeDirectory(Fd directory, String name) throws KernelException {
        named(Call.UNLINKAT, directory, name, AT_REMOVEDIR);
    }

    static void makeDirectory(Fd directory, String name, int mode) throws KernelException {
        named(Call.MKDIRAT, directory, name, mode);
    }

    private static void named(Call call, Fd directory, String name, int last) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            UnsafeKernel.must(call, directory.number(), UnsafeKernel.text(arena, bytes(name)), last);
        }
    }

    static void link(String target, Fd directory, String name) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var value = UnsafeKernel.text(arena, bytes(target));
            UnsafeKernel.must(Call.SYMLINKAT, value, directory.number(), UnsafeKernel.text(arena, bytes(name)));
        }
    }

    /// Sets owner and group of the entry itself, also of a link.
    static void own(Fd directory, String name, int uid, int gid) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var path = UnsafeKernel.text(arena, bytes(name));
            UnsafeKernel.must(Call.FCHOWNAT, directory.number(), path, uid, gid, AT_SYMLINK_NOFOLLOW, 0);
        }
    }

    static void own(Fd file, int uid, int gid) throws KernelException {
        UnsafeKernel.must(Call.FCHOWN, file.number(), uid, gid);
    }

    static void permit(Fd file, int mode) throws KernelException {
        UnsafeKernel.must(Call.FCHMOD, file.number(), mode);
    }

    /// As [#permit(Fd,int)] for a descriptor opened with `O_PATH`, which `fchmod` refuses.
    static void permitPath(Fd file, int mode) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            UnsafeKernel.must(Call.FCHMODAT, AT_FDCWD, UnsafeKernel.text(arena, file.path()), mode);
        }
    }

    /// An extended attribute of a file opened for reading, at most 64 KiB.
    static Optional<byte[]> attribute(Fd file, String name) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(64 * 1024);
            var key = UnsafeKernel.text(arena, name);
            var length = UnsafeKernel.must(Call.FGETXATTR, file.number(), key, out.address(), out.byteSize());
            return Optional.of(out.asSlice(0, length).toArray(JAVA_BYTE));
        } catch (KernelException e) {
            if (e.is(KernelException.ENODATA) || e.is(KernelException.EOPNOTSUPP)) return Optional.empty();
            throw e;
        }
    }

    static List<String> attributes(Fd file) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(64 * 1024);
            var length = UnsafeKernel.must(Call.FLISTXATTR, file.number(), out.address(), out.byteSize());
            var text = new String(out.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        } catch (KernelException e) {
            if (e.is(KernelException.EOPNOTSUPP)) return List.of();
            throw e;
        }
    }

    static void attribute(Fd file, String name, byte[] value) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, JAVA_BYTE, 0, value.length);
            var key = UnsafeKernel.text(arena, name);
            UnsafeKernel.must(Call.FSETXATTR, file.number(), key, bytes.address(), value.length, 0, 0);
        }
    }

    /// What the filesystem knows the file by, whatever it is called, until it is deleted: `name_to_handle_at(2)`.
    static Optional<byte[]> handle(Fd file) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(8 + HANDLE_BYTES, 8);
            out.set(JAVA_INT_UNALIGNED, 0, HANDLE_BYTES);
            var mount = arena.allocate(4, 4);
            var itself = UnsafeKernel.text(arena, "");
            UnsafeKernel.must(
                    Call.NAME_TO_HANDLE_AT, file.number(), itself, out.address(), mount.address(), AT_EMPTY_PATH, 0);
            return Optional.of(out.asSlice(8, out.get(JAVA_INT_UNALIGNED, 0)).toArray(JAVA_BYTE));
        } catch (KernelException e) {
            if (e.is(KernelException.EOPNOTSUPP)) return Optional.empty();
            throw e;
        }
    }

    /// Writes what the filesystem of this file still holds in memory.
    static void flush(Fd file) throws KernelException {
        UnsafeKernel.must(Call.SYNCFS, file.number());
    }

    private static byte[] bytes(String raw) {
        for (int i = 0; i < raw.length(); i++)
            if (raw.charAt(i) > 0xff) throw new IllegalArgumentException("a path must be given as raw bytes");
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }
}
