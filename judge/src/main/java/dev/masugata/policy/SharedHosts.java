package dev.masugata.policy;

import dev.masugata.model.HttpUrl;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What the catalog knows of hosts: which strangers share and where a URL names whose it is, which requests handle
/// credentials, and the lists that configuration names as a whole.
public final class SharedHosts {
    private static final String FILE = "/catalog/hosts/hosts.json";

    private record Tenants(String host, List<String> after) {}

    private record Credential(String host, Set<String> methods, List<Pattern> paths) {}

    private final List<Tenants> tenants = new ArrayList<>();
    private final List<Credential> credentials = new ArrayList<>();
    private final Map<String, List<String>> presets = new HashMap<>();

    private SharedHosts(Json.Obj file) {
        for (var item : file.items("tenants"))
            if (item instanceof Json.Obj it) tenants.add(new Tenants(it.string("host").orElseThrow(), texts(it,
                    "after")));
        for (var item : file.items("credential"))
            if (item instanceof Json.Obj it)
                credentials.add(new Credential(
                        it.string("host").orElseThrow(), new HashSet<>(texts(it, "methods")),
                        texts(it, "paths").stream().map(SharedHosts::path).toList()));
        file.object("presets").members().forEach((name, _) -> presets.put(name, texts(file.object("presets"), name)));
    }

    private static final class Shipped {
        static final SharedHosts IT = new SharedHosts(read());
    }

    /// What ships.
    public static SharedHosts shipped() {
        return Shipped.IT;
    }

    static Json.Obj read() {
        try (var in = SharedHosts.class.getResourceAsStream(FILE)) {
            if (in == null) throw new IllegalStateException("the catalog has no " + FILE);
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static List<String> texts(Json.Obj from, String name) {
        return from.items(name).stream()
                .filter(Json.Str.class::isInstance)
                .map(it -> ((Json.Str) it).value())
                .toList();
    }

    /// `*` is one segment; at the end, all that follows.
    private static Pattern path(String glob) {
        boolean open = glob.endsWith("*");
        var parts = (open ? glob.substring(0, glob.length() - 1) : glob).split("\\*", -1);
        var regex = new StringBuilder();
        for (int i = 0; i < parts.length; i++) regex.append(i > 0 ? "[^/]+" : "").append(Pattern.quote(parts[i]));
        return Pattern.compile(regex + (open ? ".*" : "/?"));
    }

    /// True if what is sent to the host may reach anybody's account.
    public boolean isShared(String host) {
        return tenants.stream().anyMatch(it -> fits(it.host(), host));
    }

    /// True if a URL there can say whose it is.
    public boolean namesTenants(String host) {
        return tenants.stream().anyMatch(it -> fits(it.host(), host) && !it.after().isEmpty());
    }

    /// True if the URL names this tenant and nobody else.
    boolean isTenant(HttpUrl url, String tenant) {
        // What is encoded may be read as another path over there.
        if (url.path().indexOf('%') >= 0 || url.path().contains("//")) return false;
        for (var it : tenants) {
            if (!fits(it.host(), url.host())) continue;
            for (var prefix : it.after()) {
                if (!url.path().startsWith(prefix)) continue;
                var rest = url.path().substring(prefix.length());
                if (!rest.regionMatches(true, 0, tenant, 0, tenant.length())) continue;
                var after = rest.substring(tenant.length());
                if (after.isEmpty() || after.startsWith("/") || after.equals(".git") || after.startsWith(".git/"))
                    return true;
            }
        }
        return false;
    }

    private static boolean fits(String pattern, String host) {
        return pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : pattern.equals(host);
    }

    /// True for an operation that mints, lists or widens rights.
    boolean handlesCredentials(HttpUrl url, String method) {
        return credentials.stream()
                .anyMatch(it -> it.host().equals(url.host())
                        && it.methods().contains(method)
                        && it.paths().stream().anyMatch(path -> path.matcher(url.path()).matches()));
    }

    /// Hosts of a list that configuration names: `none`, `common`, `all`.
    public List<HostRule> preset(String name) {
        return presets.getOrDefault(name, List.of()).stream().map(HostRule::reading).toList();
    }

    public Set<String> presets() {
        return Set.copyOf(presets.keySet());
    }
}
