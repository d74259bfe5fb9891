package dev.masugata.sandbox;

/// What `statx(2)` says of a file; times in nanoseconds since the epoch.
record Stat(
        Kind kind,
        int mode,
        int links,
        int uid,
        int gid,
        long device,
        long inode,
        long size,
        long modified,
        long changed,
        long node) {

    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        FIFO,
        SOCKET,
        CHARACTER,
        BLOCK,
        OTHER;

        static Kind of(int mode) {
            return switch (mode >> 12) {
                case 8 -> FILE;
                case 4 -> DIRECTORY;
                case 10 -> LINK;
                case 1 -> FIFO;
                case 12 -> SOCKET;
                case 2 -> CHARACTER;
                case 6 -> BLOCK;
                default -> OTHER;
            };
        }

        /// As messages name it.
        String word() {
            return switch (this) {
                case FILE -> "file";
                case DIRECTORY -> "directory";
                case LINK -> "link";
                case FIFO -> "pipe";
                case SOCKET -> "socket";
                case CHARACTER, BLOCK -> "device";
                case OTHER -> "special file";
            };
        }
    }

    /// The permission bits without set-user-id, set-group-id and sticky.
    int permissions() {
        return mode & 0777;
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /// How an overlay marks what was deleted: a character device 0:0.
    boolean isWhiteout() {
        return kind == Kind.CHARACTER && node == 0;
    }

    boolean sameFile(Stat other) {
        return device == other.device && inode == other.inode;
    }
}
