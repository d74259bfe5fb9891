package dev.masugata.credentials;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Keeps what a login brought over a restart: one file for each credential and resource, its owner's alone (0600),
/// named by a hash. What is in it is not encrypted: who reads the home has it.
///
/// @param directory made when something is first kept
public record TokenFiles(Path directory) {
    /// A refresh token, and the one issuer and client it is of.
    record Kept(String issuer, String client, String refresh) {
        /// Never the token.
        @Override
        public String toString() {
            return "a login at " + issuer;
        }
    }

    private Path file(String credential, String resource) {
        return directory.resolve(Sha256.hex(credential + "\n" + resource) + ".json");
    }

    Optional<Kept> read(String credential, String resource) throws IOException {
        var file = file(credential, resource);
        if (!Files.exists(file)) return Optional.empty();
        if (Files.size(file) > Metadata.BYTES_MAX)
            throw new IOException("what a login brought cannot be read: log in anew");
        var said = Metadata.read(Files.readAllBytes(file), "what a login brought");
        return Optional.of(new Kept(
                said.string("issuer").orElse(""), said.string("client").orElse(""), said.string("refresh").orElse("")));
    }

    /// Durable when it returns: what was there before is there or this.
    void write(String credential, String resource, Kept kept) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var file = file(credential, resource);
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        var said = Json.object("credential", credential)
                .with("resource", resource)
                .with("issuer", kept.issuer())
                .with("client", kept.client())
                .with("refresh", kept.refresh());
        Files.deleteIfExists(fresh);
        var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var out = Files.newByteChannel(fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC), owners)) {
            var bytes = java.nio.ByteBuffer.wrap(JsonWriter.bytes(said));
            while (bytes.hasRemaining()) out.write(bytes);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove(String credential, String resource) throws IOException {
        Files.deleteIfExists(file(credential, resource));
    }
}
