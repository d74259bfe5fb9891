package dev.masugata.sandbox;

import java.util.HexFormat;
import java.util.Optional;

/// How an overlay's upper layer says what is gone (kernel documentation, `filesystems/overlayfs`): a character device
/// 0:0 or a marked empty file deletes; a directory marked opaque hides all of the host's beneath it.
final class OverlayMarks {
    private static final String OPAQUE = "user.overlay.opaque";
    private static final String WHITEOUT = "user.overlay.whiteout";
    private static final String REDIRECT = "user.overlay.redirect";

    private static final String ORIGIN = "user.overlay.origin";
    /// Version, magic, length, flags, type and the filesystem's id, before the handle (`struct ovl_fb`).
    private static final int ORIGIN_HEAD = 21;

    private OverlayMarks() {}

    /// The handle of the host's file or directory of which this is a copy, whatever it is called now
    /// ([UnsafeFiles#handle]); the empty text where the kernel does not say of which, as it does to no ordinary user.
    /// None if the session made it.
    static Optional<String> origin(Fd upper, TreePath path, Stat it) throws KernelException {
        if (it.kind() != Stat.Kind.FILE && it.kind() != Stat.Kind.DIRECTORY) return Optional.empty();
        try (var file = it.isDirectory() ? Layers.directory(upper, path) : Layers.file(upper, path)) {
            return UnsafeFiles.attribute(file, ORIGIN)
                    .map(value -> value.length <= ORIGIN_HEAD
                            ? ""
                            : HexFormat.of().formatHex(value, ORIGIN_HEAD, value.length));
        }
    }

    static boolean isOpaque(Fd directory) throws KernelException {
        return UnsafeFiles.attribute(directory, OPAQUE)
                .map(value -> value.length == 1 && value[0] == 'y')
                .orElse(false);
    }

    static boolean isRedirected(Fd directory) throws KernelException {
        return UnsafeFiles.attribute(directory, REDIRECT).isPresent();
    }

    static boolean isWhiteout(Fd upper, TreePath path, Stat it) throws KernelException {
        if (it.isWhiteout()) return true;
        if (it.kind() != Stat.Kind.FILE || it.size() != 0) return false;
        try (var file = Layers.file(upper, path)) {
            return UnsafeFiles.attribute(file, WHITEOUT).isPresent();
        }
    }
}
