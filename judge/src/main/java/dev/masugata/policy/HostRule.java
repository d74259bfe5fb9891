package dev.masugata.policy;

import dev.masugata.model.Circumstance.Opened;
import dev.masugata.model.HttpUrl;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// One entry of the allow list.
///
/// @param host      a host, `*.example.org` for all below it (and not itself), `*` for all
/// @param port      empty: the usual one of the scheme
/// @param methods   empty: all
/// @param read      opened only for what reads
/// @param tenant    of a host that strangers share: `our-org/our-repo`
/// @param reachesPrivate whether its address may be one of a private network or of this machine
public record HostRule(
        String host, OptionalInt port, Set<String> methods, boolean read, Optional<String> tenant,
        boolean reachesPrivate) {

    public HostRule {
        methods = Set.copyOf(methods);
        if (!isHost(host)) throw new IllegalArgumentException("`" + host + "` is no host");
        if (tenant.isPresent() && !isTenant(tenant.get()))
            throw new IllegalArgumentException(
                    "a tenant is one or more names with `/` between, such as `our-org/our-repo`");
    }

    /// Opens a host for all on its usual ports.
    public static HostRule all(String host) {
        return new HostRule(host, OptionalInt.empty(), Set.of(), false, Optional.empty(), false);
    }

    /// Opens a host for reading.
    public static HostRule reading(String host) {
        return new HostRule(host, OptionalInt.empty(), Set.of(), true, Optional.empty(), false);
    }

    /// As `HOST` or `HOST:PORT`.
    public static Optional<HostRule> parse(String text, boolean read) {
        int colon = text.lastIndexOf(':');
        boolean port = colon > 0 && text.indexOf(']') < colon && text.substring(colon + 1).matches("[0-9]{1,5}");
        var host = (port ? text.substring(0, colon) : text).toLowerCase(Locale.ROOT);
        int number = port ? Integer.parseInt(text.substring(colon + 1)) : 0;
        if (!isHost(host) || port && (number < 1 || number > 65_535)) return Optional.empty();
        var at = port ? OptionalInt.of(number) : OptionalInt.empty();
        return Optional.of(new HostRule(host, at, Set.of(), read, Optional.empty(), false));
    }

    /// A name or an address in the one notation that requests are brought into; `*` stands for whole labels at the
    /// left.
    static boolean isHost(String host) {
        if (host.equals("*")) return true;
        var rest = host.startsWith("*.") ? host.substring(2) : host;
        if (rest.startsWith("[") && rest.endsWith("]")) return rest.substring(1, rest.length() - 1).matches(
                "[0-9a-f:.]+");
        if (rest.isEmpty() || rest.length() > 253) return false;
        for (var label : rest.split("\\.", -1))
            if (!label.matches("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")) return false;
        return true;
    }

    private static boolean isTenant(String tenant) {
        return List.of(tenant.split("/", -1)).stream().allMatch(it -> it.matches("[A-Za-z0-9._@-]+") && !it.matches(
                "\\.+"));
    }

    boolean isAbout(String name) {
        if (host.equals("*")) return true;
        return host.startsWith("*.") ? name.endsWith(host.substring(1)) : name.equals(host);
    }

    /// How far it opens the place for a method; [Opened#NO] where it is not about it.
    Opened opens(HttpUrl url, String method, SharedHosts shared) {
        boolean there = isAbout(url.host());
        boolean gate = port.isPresent() ? url.port() == port.getAsInt() : url.port() == (url.tls() ? 443 : 80);
        boolean how = methods.isEmpty() || methods.contains(method);
        if (!there || !gate || !how) return Opened.NO;
        if (tenant.isPresent() && !shared.isTenant(url, tenant.get())) return Opened.NO;
        // However it came to be here: to a host that strangers share nothing is sent without a tenant.
        boolean strangers = tenant.isEmpty() && shared.isShared(url.host());
        return read || strangers ? Opened.READ : Opened.ALL;
    }

    /// As the allow list and refusals write it.
    public String text() {
        var at = port.isPresent() ? host + ":" + port.getAsInt() : host;
        var whose = tenant.map(it -> at + "/" + it).orElse(at);
        return read ? whose + " (read)" : whose;
    }
}
