package dev.masugata.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The certificate a server shows: chain and private key (PKCS#8), both as PEM.
public record TlsOptions(byte[] chain, byte[] key) {
    /// RFC 9325: nothing older than TLS 1.2.
    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /// Forward secrecy and authenticated encryption only.
    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    public static TlsOptions read(Path chain, Path key) throws IOException {
        return new TlsOptions(Files.readAllBytes(chain), Files.readAllBytes(key));
    }

    /// Never the key.
    @Override
    public String toString() {
        return "TlsOptions";
    }
}
