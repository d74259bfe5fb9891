package dev.masugata.app;

import dev.masugata.net.CertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What programs in a run trust: the machine's roots, and an authority of this run alone, which lives in memory.
///
/// @param authority makes the certificates that the run's proxy shows
/// @param files     what lies in the run's `/etc/masugata`
record Trust(CertificateAuthority authority, Map<String, byte[]> files) {
    private static final String BUNDLE = "/etc/masugata/ca-bundle.pem";
    private static final String OWN = "/etc/masugata/ca.pem";

    /// Where distributions keep the roots.
    private static final List<Path> ROOTS = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    static Trust ofRun(SecureRandom random, InstantSource clock) throws IOException {
        var authority = CertificateAuthority.make("Masugata of this run", random, clock);
        var own = authority.pem();
        var bundle = roots() + own;
        return new Trust(authority, Map.of(
                "ca.pem", own.getBytes(StandardCharsets.UTF_8),
                "ca-bundle.pem", bundle.getBytes(StandardCharsets.UTF_8)));
    }

    private static String roots() throws IOException {
        for (var file : ROOTS)
            if (Files.isReadable(file)) {
                var text = Files.readString(file);
                return text.endsWith("\n") ? text : text + "\n";
            }
        return "";
    }

    /// What programs are told of the proxy and of whom to trust.
    static Map<String, String> environment(String proxy) {
        var all = new LinkedHashMap<String, String>();
        for (var name : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"))
            all.put(name, proxy);
        for (var name : List.of("no_proxy", "NO_PROXY")) all.put(name, "localhost,127.0.0.1,::1,masugata.internal");
        for (var name : List.of(
                "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT",
                "CARGO_HTTP_CAINFO", "AWS_CA_BUNDLE", "npm_config_cafile"))
            all.put(name, BUNDLE);
        for (var name : List.of("NODE_EXTRA_CA_CERTS", "DENO_CERT")) all.put(name, OWN);
        // Node reads the proxy variables only when told to.
        all.put("NODE_USE_ENV_PROXY", "1");
        return all;
    }
}
