package dev.masugata.sandbox;

/// How an overlay's upper layer says what is gone (kernel documentation, `filesystems/overlayfs`): a character device
/// 0:0 or a marked empty file deletes; a directory marked opaque hides all of the host's beneath it.
final class OverlayMarks {
    private static final String OPAQUE = "user.overlay.opaque";
    private static final String WHITEOUT = "user.overlay.whiteout";
    private static final String REDIRECT = "user.overlay.redirect";

    private OverlayMarks() {}

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
