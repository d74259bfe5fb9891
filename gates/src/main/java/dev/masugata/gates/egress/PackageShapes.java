package dev.masugata.gates.egress;

import dev.masugata.model.HttpUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which package a request to a registry brings: by the shape of the URL of its archive. What only reads what a
/// registry says of a package brings none.
///
/// @param kind   `npm`, `python` or `crates`
/// @param files  origins at which its archives lie
/// @param lookup where the registry says what it knows of a name; `{name}` stands for it
public record PackageShapes(String kind, List<String> files, String lookup) {
    // registry: /NAME/-/FILE.tgz, /@SCOPE/NAME/-/FILE.tgz
    private static final Pattern NPM = Pattern.compile("/.*?((?:@[^/]+/)?[^/@][^/]*)/-/[^/]+\\.t(?:ar\\.)?gz");
    // PEP 427 and PEP 625: NAME-VERSION-...whl, NAME-VERSION.tar.gz
    private static final Pattern PYTHON =
            Pattern.compile("/.*?([A-Za-z0-9][A-Za-z0-9._-]*?)-[0-9][^/-]*(?:-[^/]+)?"
                    + "\\.(?:whl|tar\\.gz|zip|tar\\.bz2)");
    private static final Pattern CRATES = Pattern.compile(
            "/(?:api/v1/)?crates/([A-Za-z0-9_-]+)/(?:[^/]+/download|[^/]+\\.crate)");

    public PackageShapes {
        files = List.copyOf(files);
    }

    /// The name of the package whose archive is asked for, in its one form; empty where none is.
    Optional<String> name(HttpUrl url) {
        if (!files.contains(url.origin())) return Optional.empty();
        String path;
        try {
            path = URLDecoder.decode(url.path().replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
        var it = (switch (kind) {
            case "npm" -> NPM;
            case "python" -> PYTHON;
            default -> CRATES;
        }).matcher(path);
        if (!it.matches()) return Optional.empty();
        var name = it.group(1);
        // PEP 503.
        return Optional.of(kind.equals("python") ? name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT) : name);
    }

    /// Where the registry says what it knows of a name.
    HttpUrl lookup(String name) {
        var encoded = name.replace("/", "%2f");
        return HttpUrl.of(lookup.replace("{name}", encoded))
                .orElseThrow(() -> new IllegalArgumentException("`" + lookup + "` is no address"));
    }
}
