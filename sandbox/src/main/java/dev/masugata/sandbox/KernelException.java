package dev.masugata.sandbox;

import java.io.IOException;
import java.util.Map;

/// A system call that the kernel refused. Callers in this room turn it into a sentence about what was attempted.
final class KernelException extends IOException {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;

    private static final Map<Integer, String> WORDS = Map.ofEntries(
            Map.entry(EPERM, "not permitted"),
            Map.entry(ENOENT, "no such file or directory"),
            Map.entry(EIO, "input/output error"),
            Map.entry(9, "bad descriptor"),
            Map.entry(EAGAIN, "try again"),
            Map.entry(EACCES, "permission denied"),
            Map.entry(EBUSY, "busy"),
            Map.entry(EEXIST, "it exists already"),
            Map.entry(EXDEV, "another filesystem"),
            Map.entry(19, "no such device or filesystem"),
            Map.entry(ENOTDIR, "not a directory"),
            Map.entry(EISDIR, "a directory"),
            Map.entry(EINVAL, "invalid argument"),
            Map.entry(24, "too many open files"),
            Map.entry(28, "no space left"),
            Map.entry(30, "read-only filesystem"),
            Map.entry(32, "broken pipe"),
            Map.entry(ENAMETOOLONG, "name too long"),
            Map.entry(ENOSYS, "unknown to this kernel"),
            Map.entry(ENOTEMPTY, "directory not empty"),
            Map.entry(ELOOP, "a symbolic link stands in the way"),
            Map.entry(75, "owner not representable here"),
            Map.entry(EOPNOTSUPP, "not supported"),
            Map.entry(98, "address in use"));

    private final int errno;

    KernelException(String call, int errno) {
        super(call + ": " + word(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    boolean is(int other) {
        return errno == other;
    }

    /// What the error means, in words: for messages.
    String word() {
        return word(errno);
    }

    private static String word(int errno) {
        return WORDS.getOrDefault(errno, "error " + errno);
    }
}
