package dev.masugata.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// All that a session changed, as compared with the host at one moment.
///
/// @param list sorted by path
/// @param unread what could not be looked at, with the reason; it is never applied
public record Changes(List<Change> list, List<Unread> unread) {
    /// More changes than this are not listed (and so not applied); [#unread] says so.
    public static final int MOST = 100_000;

    /// A longer file is not read, and so not applied.
    public static final long FILE_BYTES = 2L << 30;
    /// More than this is not read for one review.
    public static final long TOTAL_BYTES = 8L << 30;

    public Changes {
        list = List.copyOf(list);
        unread = List.copyOf(unread);
    }

    /// A path that could not be looked at.
    public record Unread(TreePath path, String reason) {}

    /// For the record: SHA-256, in hexadecimal, over every path with what the session made of it.
    public String digest() {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (var change : list) {
                var after = change.after()
                        .map(node -> switch (node) {
                            case Node.File(var mode, var size, var sha256) ->
                                "file %o %d %s".formatted(mode, size, sha256.orElse("?"));
                            case Node.Directory(var mode) -> "directory %o".formatted(mode);
                            case Node.Link(var target) -> "link " + target;
                            case Node.Special(var what) -> what;
                        })
                        .orElse("deleted");
                hash.update((change.path().raw() + "\0" + after + "\0").getBytes(StandardCharsets.ISO_8859_1));
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
