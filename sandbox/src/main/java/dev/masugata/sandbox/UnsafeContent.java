package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The content of open files, read and copied through their descriptors: no name is looked up a second time.
final class UnsafeContent {
    private static final int CHUNK = 128 * 1024;

    private UnsafeContent() {}

    /// SHA-256 of what stands from the descriptor's position to the end, in hexadecimal.
    /// @param most a file that grows beyond it while it is read is read no further
    static String sha256(Fd file, long most) throws KernelException {
        return pass(file, null, most);
    }

    /// Copies and says the SHA-256 of what was copied.
    static String copy(Fd from, Fd to, long most) throws KernelException {
        return pass(from, to, most);
    }

    private static String pass(Fd from, @Nullable Fd to, long most) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var hash = MessageDigest.getInstance("SHA-256");
            var buffer = arena.allocate(CHUNK);
            for (long all = 0; ; ) {
                var count = UnsafeKernel.must(Call.READ, from.number(), buffer.address(), CHUNK);
                all += count;
                if (count == 0 || all > most + CHUNK) return HexFormat.of().formatHex(hash.digest());
                hash.update(buffer.asSlice(0, count).asByteBuffer());
                for (long done = 0; to != null && done < count; )
                    done += UnsafeKernel.must(Call.WRITE, to.number(), buffer.address() + done, count - done);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The first bytes of a file, at most so many.
    static byte[] head(Fd file, int most) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Math.max(1, most));
            long filled = 0;
            while (filled < most) {
                var count = UnsafeKernel.must(Call.READ, file.number(), buffer.address() + filled, most - filled);
                if (count == 0) break;
                filled += count;
            }
            return buffer.asSlice(0, filled).toArray(JAVA_BYTE);
        }
    }
}
