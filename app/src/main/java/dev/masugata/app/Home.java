package dev.masugata.app;

import com.sun.security.auth.module.UnixSystem;
import dev.masugata.app.config.UserHome;
import dev.masugata.net.Listener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Masugata's home: one directory, 0700, everything that lasts.
public record Home(Path directory) {
    private static final String ANOTHER = "; name another one with `--home` or `MASUGATA_HOME`";

    /// The home that `--home` or the environment names, else `~/.masugata`.
    public static Home of(Optional<Path> named) {
        var environment = System.getenv("MASUGATA_HOME");
        var path = named.orElseGet(() -> environment != null && !environment.isBlank()
                ? Path.of(environment)
                : UserHome.path().resolve(".masugata"));
        return new Home(path.toAbsolutePath().normalize());
    }

    public Path socket() {
        return directory.resolve("control.sock");
    }

    public Path config() {
        return directory.resolve("masugata.yaml");
    }

    public Path log() {
        return directory.resolve("gate.log");
    }

    public boolean exists() {
        return Files.isDirectory(directory);
    }

    /// Makes it if it is not there, and checks that it is nobody else's.
    public void make() throws Unusable {
        check();
        try {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS))
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var mode = Files.getPosixFilePermissions(directory);
            if (!PosixFilePermissions.toString(mode).endsWith("------"))
                throw new Unusable("the home `" + directory + "` is open to others; close it: chmod 700 " + directory);
            if (!Files.isWritable(directory)) throw new Unusable("the home `" + directory + "` is not yours to write");
        } catch (IOException failed) {
            throw new Unusable("the home `" + directory + "` cannot be made: " + failed.getMessage());
        }
    }

    /// Checks what stands there, without making anything: a directory of this user, in which `control.sock` has a
    /// place. Nothing there is no mistake yet.
    public void check() throws Unusable {
        int bytes = socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Listener.Unix.PATH_BYTES)
            throw new Unusable("the path of the home `" + directory + "` is too long: `control.sock` in it has " + bytes
                    + " bytes, of which a socket's path may have " + Listener.Unix.PATH_BYTES + ANOTHER);
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) return;
        if (!Files.isDirectory(directory))
            throw new Unusable("the home `" + directory + "` is not a directory" + ANOTHER);
        try {
            if ((int) Files.getAttribute(directory, "unix:uid") != (int) new UnixSystem().getUid())
                throw new Unusable("the home `" + directory + "` belongs to `" + Files.getOwner(directory).getName()
                        + "` and not to you" + ANOTHER);
        } catch (IOException unreadable) {
            throw new Unusable("the home `" + directory + "` cannot be looked at: " + unreadable.getMessage());
        }
    }

    /// The right to be the one gate of this home; the file says who has it.
    ///
    /// @throws Unusable names the owner, if another process has it
    public Lock lock() throws Unusable {
        var file = directory.resolve("gate.lock");
        try {
            var owner = PosixFilePermissions.fromString("rw-------");
            var channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(owner));
            Files.setPosixFilePermissions(file, owner);
            var lock = tryLock(channel);
            if (lock.isEmpty()) {
                var holder = Files.readString(file).strip();
                channel.close();
                throw new Unusable("another gate has the home `" + directory + "`: process " + holder);
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())));
            return new Lock(channel, lock.get());
        } catch (IOException failed) {
            throw new Unusable("`" + file + "` cannot be locked: " + failed.getMessage());
        }
    }

    /// Waits until no gate has this home.
    ///
    /// @return false if one still has it after that time
    public boolean awaitFree(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            try (var free = lock()) {
                return free.lock().isValid();
            } catch (Unusable | IOException taken) {
                if (System.nanoTime() > end) return false;
                Thread.sleep(20);
            }
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException ours) {
            return Optional.empty();
        }
    }

    /// Held until it is closed or the process ends: a file left behind locks nobody out.
    public record Lock(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// The home cannot be used; the message says why and what to do.
    public static final class Unusable extends Exception {
        Unusable(String message) {
            super(message);
        }
    }
}
