package dev.masugata.app.config;

import dev.masugata.definition.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads `signed`: by which keys a server's definitions must be signed.
///
/// @param paths where a path that the file names stands
record KeySection(Function<String, Optional<Path>> paths) {
    static final int KEYS_MAX = 16;
    static final int KEY_BYTES_MAX = 16 * 1024;

    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

    List<PublicKey> read(String server, Section entry) {
        if (!entry.names().contains("signed")) return List.of();
        var signed = entry.section("signed");
        var keys = new ArrayList<PublicKey>();
        var named = signed.texts("keys");
        if (named.isEmpty() || named.size() > KEYS_MAX)
            entry.problemAt("signed", "server `" + server + "`: `signed` needs `keys`: [file:PATH.pem], " + KEYS_MAX
                    + " at most");
        for (var name : named) {
            try {
                keys.add(key(name));
            } catch (IOException | GeneralSecurityException unusable) {
                signed.problemAt("keys", "server `" + server + "`: `" + name + "` is no public key that can be used: "
                        + unusable.getMessage());
            }
        }
        signed.done();
        return List.copyOf(keys);
    }

    private PublicKey key(String name) throws IOException, GeneralSecurityException {
        if (!name.startsWith("file:")) throw new IOException("write `file:PATH.pem`");
        var path = paths.apply(name.substring("file:".length())).orElseThrow(() -> new IOException("that is no path"));
        if (!Files.isRegularFile(path)) throw new IOException("there is no file `" + path + "`");
        if (Files.size(path) > KEY_BYTES_MAX) throw new IOException("it is larger than " + KEY_BYTES_MAX + " bytes");
        var pem = PEM.matcher(Files.readString(path));
        if (!pem.matches()) throw new IOException("it is not one `PUBLIC KEY` in PEM");
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(pem.group(1));
        } catch (IllegalArgumentException misshapen) {
            throw new IOException("it is not one `PUBLIC KEY` in PEM", misshapen);
        }
        for (var algorithm : List.of("Ed25519", "EC")) {
            try {
                var key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes));
                if (Signature.isUsable(key)) return key;
            } catch (java.security.spec.InvalidKeySpecException other) {
                // Of the other kind, perhaps.
            }
        }
        throw new IOException("only Ed25519 and P-256 keys are");
    }
}
