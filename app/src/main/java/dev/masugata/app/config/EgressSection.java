package dev.masugata.app.config;

import dev.masugata.policy.HostRule;
import dev.masugata.policy.SharedHosts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads `egress`: which hosts are opened.
///
/// @param paths where a path that the file names stands
record EgressSection(Function<String, Optional<Path>> paths) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    /// @param authorities certificates to trust instead of the system's
    record Egress(List<HostRule> rules, Optional<Path> authorities) {}

    Egress read(Section top) {
        var section = top.section("egress");
        var shared = SharedHosts.shipped();
        var rules = new ArrayList<HostRule>();
        section.parsed("preset", "`none`, `common` or `all`", name -> shared.presets().contains(name)
                        ? Optional.of(name)
                        : Optional.empty())
                .ifPresent(name -> rules.addAll(shared.preset(name)));
        var authorities = section.parsed("authorities", "a path to certificates, as PEM", paths);
        rules.addAll(allow(section, "egress.allow"));
        section.done();
        return new Egress(List.copyOf(rules), authorities);
    }

    /// The hosts that the member `allow` opens.
    ///
    /// @param what how people find it
    static List<HostRule> allow(Section section, String what) {
        var shared = SharedHosts.shipped();
        var rules = new ArrayList<HostRule>();
        var node = section.node("allow");
        if (node.isEmpty()) return rules;
        if (!(node.get() instanceof SequenceNode sequence)) {
            section.problem(node.get(), "`" + what + "` must be a list of hosts");
            return rules;
        }
        for (int i = 0; i < sequence.getValue().size(); i++) {
            var item = sequence.getValue().get(i);
            if (item instanceof ScalarNode scalar) {
                var rule = HostRule.parse(scalar.getValue(), false);
                if (rule.isEmpty())
                    section.problem(item, "`" + scalar.getValue() + "` is no host: write `docs.example.com`,"
                            + " `*.example.org` or `docs.example.com:8443`");
                rule.filter(it -> isClear(section, item, it, shared)).ifPresent(rules::add);
            } else
                entry(section.item("allow", i, item), shared)
                        .filter(it -> isClear(section, item, it, shared))
                        .ifPresent(rules::add);
        }
        return rules;
    }

    /// An entry for a host that strangers share says whose account is meant, or only reads.
    private static boolean isClear(
            Section section, org.snakeyaml.engine.v2.nodes.Node at, HostRule rule, SharedHosts shared) {
        if (rule.read() || !shared.isShared(rule.host())) {
            if (rule.tenant().isEmpty() || shared.namesTenants(rule.host())) return true;
            section.problem(at, "`" + rule.host() + "`: nothing is known of how its URLs name a tenant");
            return false;
        }
        if (rule.tenant().isPresent() && shared.namesTenants(rule.host())) return true;
        section.problem(at, "`" + rule.host() + "` is shared by strangers: say `only: read`"
                + (shared.namesTenants(rule.host()) ? ", or whose it is with `tenant: our-org/our-repo`" : ""));
        return false;
    }

    private static Optional<HostRule> entry(Section entry, SharedHosts shared) {
        var host = entry.parsed("host", "a host such as `docs.example.com` or `*.example.org`",
                text -> HostRule.parse(text, false).filter(it -> it.port().isEmpty()).map(HostRule::host));
        var port = entry.parsed("port", "a port", EgressSection::port);
        boolean read = entry.parsed("only", "`read`", it -> it.equals("read") ? Optional.of(it) : Optional.empty())
                .isPresent();
        var methods = new HashSet<String>();
        for (var method : entry.texts("methods")) {
            if (!METHODS.contains(method.toUpperCase(Locale.ROOT)))
                entry.problemAt("methods", "`" + method + "` is no method: " + String.join(", ", METHODS));
            methods.add(method.toUpperCase(Locale.ROOT));
        }
        var tenant = entry.text("tenant");
        boolean reachesPrivate = entry.flag("private");
        entry.done();
        if (host.isEmpty()) {
            if (!entry.names().contains("host")) entry.problem(null, "an entry of `allow` needs `host`");
            return Optional.empty();
        }
        try {
            return Optional.of(new HostRule(
                    host.get(), port.map(OptionalInt::of).orElse(OptionalInt.empty()), methods, read, tenant,
                    reachesPrivate));
        } catch (IllegalArgumentException wrong) {
            entry.problemAt("tenant", "`tenant`: " + wrong.getMessage());
            return Optional.empty();
        }
    }

    static Optional<Integer> port(String text) {
        boolean good = text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535;
        return good ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
