package dev.masugata.app.terraform;

import dev.masugata.app.terraform.Hcl.Block;
import dev.masugata.app.terraform.Hcl.Value;
import dev.masugata.policy.HostRule;
import dev.masugata.policy.SharedHosts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Egress rules by domain name of Google Cloud NGFW (`google_compute_network_firewall_policy_rule` and its regional and
/// hierarchical kin: `match { dest_fqdns = [...] layer4_configs { ... } }`), as an allow list of ours.
///
/// The rule of the smallest priority that fits decides there; here a host is opened or not. So what an earlier `deny`
/// takes away is left out, and said.
public final class FirewallRules {
    /// @param rules  the allow list, in the order of the priorities
    /// @param report what it means, what was left out, and why; a line each
    public record Meaning(List<HostRule> rules, List<String> report) {
        /// As configuration writes it.
        public String yaml() {
            if (rules.isEmpty()) return "egress:\n  allow: []\n";
            var text = new StringBuilder("egress:\n  allow:\n");
            for (var rule : rules) {
                var port = rule.port().isPresent() ? ", port: " + rule.port().getAsInt() : "";
                text.append("    - { host: \"").append(rule.host()).append('"').append(port)
                        .append(rule.read() ? ", only: read" : "").append(" }\n");
            }
            return text.toString();
        }
    }

    /// Every host, every port.
    private static final String ANY = "*";

    private record Rule(String name, long priority, boolean allows, List<String> hosts, List<String> ports) {
        /// Whether it decides there.
        boolean fits(String host, String port) {
            return (ports.contains(ANY) || ports.contains(port))
                    && hosts.stream().anyMatch(it -> it.equals(host) || it.equals(ANY)
                            || it.startsWith("*.") && host.endsWith(it.substring(1)));
        }
    }

    private final List<HostRule> rules = new ArrayList<>();
    private final List<String> report = new ArrayList<>();

    private FirewallRules() {}

    /// @throws IllegalArgumentException when the text is no HCL; the message says the line
    public static Meaning of(String text) {
        try {
            var read = new FirewallRules();
            var found = new ArrayList<Rule>();
            for (var block : Hcl.read(text))
                if (block.type().equals("resource") && block.labels().size() == 2
                        && block.labels().getFirst().matches("google_compute_.*firewall_policy_rule"))
                    read.rule(block).ifPresent(found::add);
            found.sort(Comparator.comparingLong(Rule::priority));
            read.open(found);
            return new Meaning(List.copyOf(read.rules), List.copyOf(read.report));
        } catch (Hcl.Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage(), unreadable);
        }
    }

    /// A denial whose part cannot be read denies more here than there; an allowance less.
    private Optional<Rule> rule(Block block) {
        var name = block.labels().getLast();
        if (is(block, "disabled", "true")) return left(block, "it is disabled");
        if (!is(block, "direction", "EGRESS")) return left(block, "it is no rule of egress");
        var action = text(block, "action");
        boolean allows = action.equals("allow");
        if (action.equals("goto_next")) return left(block, "`goto_next` decides nothing by itself");
        if (!allows && !action.equals("deny"))
            return left(block, "its action `" + action + "` is neither allow nor deny");
        var written = text(block, "priority");
        boolean known = written.matches("[0-9]{1,10}");
        if (!known && allows) return left(block, "its priority is not a plain number");
        if (!known) say(block, "its priority is not a plain number: it denies before all others");
        var matches = block.all("match");
        if (matches.size() != 1) return left(block, "it has no `match`");
        var match = matches.getFirst();
        var hosts = hosts(block, match, allows);
        if (hosts.isEmpty())
            return left(block, "it names no `dest_fqdns`: addresses and tags are no names of hosts");
        for (var other : match.attributes().keySet())
            if (!other.equals("dest_fqdns") && !hosts.contains(ANY)) say(block, "`" + other
                    + "` narrows it there, and not here");
        var ports = ports(block, match, allows);
        if (ports.isEmpty()) return left(block, "no TCP in it");
        return Optional.of(new Rule(name, known ? Long.parseLong(written) : -1, allows, hosts, ports));
    }

    private List<String> hosts(Block block, Block match, boolean allows) {
        if (!(match.attributes().get("dest_fqdns") instanceof Value.Items(var named))) {
            boolean all = match.attributes().get("dest_ip_ranges") instanceof Value.Items(var ranges)
                    && ranges.contains(new Value.Text("0.0.0.0/0"));
            return !allows && all ? List.of(ANY) : List.of();
        }
        var hosts = new ArrayList<String>();
        for (var item : named)
            if (item instanceof Value.Text(var host)) hosts.add(host.toLowerCase(Locale.ROOT));
            else if (allows) say(block, "a host is computed by Terraform and left out");
            else {
                say(block, "a host that it denies is computed by Terraform: whatever comes behind it is left out");
                return List.of(ANY);
            }
        return hosts;
    }

    /// `80`, `443`; all of them as [#ANY].
    private List<String> ports(Block block, Block match, boolean allows) {
        var ports = new ArrayList<String>();
        for (var layer : match.all("layer4_configs")) {
            var protocol = text(layer, "ip_protocol");
            if (!protocol.equals("tcp") && !protocol.equals("6") && !protocol.equals("all")) {
                if (!allows && protocol.isEmpty()) return List.of(ANY);
                say(block, "`" + protocol + "` does not pass through the gate");
                continue;
            }
            if (!(layer.attributes().get("ports") instanceof Value.Items(var named))) {
                ports.add(ANY);
                continue;
            }
            for (var item : named) {
                if (item instanceof Value.Text(var port) && port.matches("[0-9]{1,5}")) ports.add(port);
                else if (!allows) return List.of(ANY);
                else say(block, "a range of ports, or a computed one, is left out: name each port");
            }
        }
        return ports;
    }

    private void open(List<Rule> found) {
        var before = new ArrayList<Rule>();
        for (var rule : found) {
            if (rule.allows())
                for (var host : rule.hosts()) open(rule, host, before);
            before.add(rule);
        }
    }

    private void open(Rule rule, String host, List<Rule> before) {
        var ports = new LinkedHashSet<String>();
        for (var port : rule.ports()) ports.addAll(port.equals(ANY) ? List.of("80", "443") : List.of(port));
        if (rule.ports().contains(ANY))
            report.add(rule.name() + ": all ports of " + host + " there; here 80 and 443");
        for (var earlier : before)
            ports.removeIf(port -> {
                boolean fits = earlier.fits(host, port);
                if (fits) report.add(rule.name() + ": allows " + host + ":" + port + ", which " + earlier.name()
                        + (earlier.allows() ? " allows before it" : " denies before it: left out"));
                return fits;
            });
        boolean shared = SharedHosts.shipped().isShared(host);
        if (shared && !ports.isEmpty())
            report.add(rule.name() + ": " + host
                    + " is shared by strangers: opened for reading; name a tenant to write");
        boolean web = ports.containsAll(List.of("80", "443"));
        if (web) add(rule, host, shared);
        for (var port : ports)
            if (!web || !port.equals("80") && !port.equals("443")) add(rule, host + ":" + port, shared);
    }

    private void add(Rule rule, String place, boolean shared) {
        HostRule.parse(place, shared).ifPresentOrElse(
                rules::add, () -> report.add(rule.name() + ": `" + place + "` is no host: left out"));
    }

    private Optional<Rule> left(Block block, String why) {
        say(block, why + ": left out");
        return Optional.empty();
    }

    private void say(Block block, String what) {
        report.add(block.labels().getLast() + " (line " + block.line() + "): " + what);
    }

    private static boolean is(Block block, String name, String value) {
        return text(block, name).equals(value);
    }

    private static String text(Block block, String name) {
        return block.attributes().get(name) instanceof Value.Text(var text) ? text : "";
    }
}
