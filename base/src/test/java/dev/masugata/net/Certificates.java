package dev.masugata.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Throw-away certificates, made by openssl.
final class Certificates {
    private Certificates() {}

    /// A self-signed certificate that is its own authority, for these names (`DNS:a,IP:b`); `chain.pem` and `key.pem`.
    static TlsOptions make(Path folder, String name, String alternatives) throws Exception {
        Path chain = folder.resolve(name + "-chain.pem"), key = folder.resolve(name + "-key.pem");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=" + alternatives,
                "-keyout",
                key.toString(),
                "-out",
                chain.toString());
        return TlsOptions.read(chain, key);
    }

    /// Runs openssl to its end, with nothing to read.
    static Run openssl(String... arguments) throws Exception {
        var process = process(arguments);
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes());
        return new Run(process.waitFor(), output);
    }

    static Process process(String... arguments) {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError("`openssl` is needed to test TLS: install it", e);
        }
    }

    record Run(int code, String output) {}

    static byte[] pem(Path folder, String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name + "-chain.pem"));
    }
}
