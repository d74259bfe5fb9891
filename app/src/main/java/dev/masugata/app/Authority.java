package dev.masugata.app;

import dev.masugata.net.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/// The certificate authority of a home, for clients outside of a seal that are told to trust it. Each run has one of
/// its own, which is never written down.
final class Authority {
    private static final String CERTIFICATE = "ca.pem";
    private static final String KEY = "ca.key";
    /// One that ends sooner is made anew.
    private static final Duration RENEW = Duration.ofDays(30);

    private Authority() {}

    /// The home's, made when there is none that is good.
    static CertificateAuthority of(Home home, SecureRandom random, InstantSource clock) throws Home.Unusable {
        var certificate = home.directory().resolve(CERTIFICATE);
        var key = home.directory().resolve(KEY);
        try {
            if (Files.exists(certificate) && Files.exists(key)) {
                var known = CertificateAuthority.of(
                        Files.readString(certificate), Files.readString(key), random, clock);
                if (known.until().isAfter(clock.instant().plus(RENEW))) return known;
            }
            var made = CertificateAuthority.make("Masugata of " + home.directory().getFileName(), random, clock);
            write(key, made.insecureKey(), "rw-------");
            write(certificate, made.pem(), "rw-r--r--");
            return made;
        } catch (IOException unusable) {
            throw new Home.Unusable("the certificate authority in `" + home.directory() + "` cannot be used: "
                    + unusable.getMessage() + "; to have a new one, remove " + CERTIFICATE + " and " + KEY);
        }
    }

    private static void write(Path file, String text, String mode) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(fresh, text, StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
