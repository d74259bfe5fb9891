package dev.masugata.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The ledger's two secrets, each in a file of its own that only its owner can read.
record Keys(NoteKey signing, MacKey mac) {
    private static final String SIGNING = "ledger.key";
    private static final String MAC = "ledger.mac";
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    /// The keys in `directory`, for a ledger that has no entry yet: those that are missing are made.
    static Keys openOrCreate(Path directory, SecureRandom random) throws IOException {
        if (!Files.exists(directory)) Files.createDirectories(directory, permissions("rwx------"));
        var mac = new byte[MacKey.BYTES];
        random.nextBytes(mac);
        if (Files.notExists(directory.resolve(MAC)))
            create(directory.resolve(MAC), List.of(HexFormat.of().formatHex(mac)));
        if (Files.notExists(directory.resolve(SIGNING)))
            create(directory.resolve(SIGNING), NoteKey.generate("masugata/", random).lines());
        return open(directory);
    }

    /// The keys in `directory`.
    ///
    /// @throws LedgerUnavailable when one is missing, damaged, or readable by others
    static Keys open(Path directory) throws IOException {
        var mac = read(directory.resolve(MAC));
        var signing = read(directory.resolve(SIGNING));
        try {
            return new Keys(NoteKey.parse(signing), new MacKey(HexFormat.of().parseHex(mac.getFirst())));
        } catch (IllegalArgumentException e) {
            throw new LedgerUnavailable("a key in `" + directory + "` is damaged: restore both from a backup", e);
        }
    }

    private static List<String> read(Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS))
            throw new LedgerUnavailable("the key `" + file + "` is missing: restore it from a backup");
        var open = Files.getPosixFilePermissions(file);
        open.retainAll(OTHERS);
        if (!open.isEmpty())
            throw new LedgerUnavailable("the key `" + file + "` is open to others: run `chmod 600 " + file + "`");
        var lines = Files.readAllLines(file);
        if (lines.isEmpty()) throw new LedgerUnavailable("the key `" + file + "` is empty: restore it from a backup");
        return lines;
    }

    private static void create(Path file, List<String> lines) throws IOException {
        var text = ByteBuffer.wrap(String.join("\n", lines).concat("\n").getBytes());
        // Born with its permissions: there is no moment in which others could open it.
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(file, options, permissions("rw-------"))) {
            while (text.hasRemaining()) channel.write(text);
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new LedgerUnavailable("another process makes keys in `" + file.getParent() + "`", e);
        }
    }

    private static java.nio.file.attribute.FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
