package dev.masugata.app.terraform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.policy.HostRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirewallRulesTest {
    private static String rule(String name, int priority, String action, String hosts, String layer, String more) {
        return """
                resource "google_compute_network_firewall_policy_rule" "%s" {
                  # a comment
                  firewall_policy = google_compute_network_firewall_policy.main.name
                  action = "%s"
                  direction = "EGRESS"
                  priority = %d
                  %s
                  match {
                    dest_fqdns = [%s]
                    layer4_configs { %s }
                  }
                }
                """.formatted(name, action, priority, more, hosts, layer);
    }

    private static final String TCP = "\n ip_protocol = \"tcp\"\n ports = [\"443\"]\n";

    private static List<String> hosts(FirewallRules.Meaning meaning) {
        return meaning.rules().stream().map(HostRule::text).toList();
    }

    private static void reports(FirewallRules.Meaning meaning, String words) {
        assertTrue(meaning.report().stream().anyMatch(it -> it.contains(words)), meaning.report().toString());
    }

    @Test
    void hostsAreOpenedInTheOrderOfPriorities() {
        var meaning = FirewallRules.of(rule("b", 200, "allow", "\"b.example.com\", \"C.example.com\"", TCP, "")
                + rule("a", 100, "allow", "\"a.example.com\"", "\n ip_protocol = \"tcp\"\n ports = [\"8443\"]\n", ""));
        assertEquals(List.of("a.example.com:8443", "b.example.com:443", "c.example.com:443"), hosts(meaning));
        assertEquals("""
                egress:
                  allow:
                    - { host: "a.example.com", port: 8443 }
                    - { host: "b.example.com", port: 443 }
                    - { host: "c.example.com", port: 443 }
                """, meaning.yaml());
        assertEquals(List.of(), meaning.report());
    }

    @Test
    void bothPortsOfTheWebAreTheHost() {
        var both = "\n ip_protocol = \"tcp\"\n ports = [\"80\", 443, \"8443\"]\n";
        assertEquals(
                List.of("a.example", "a.example:8443"),
                hosts(FirewallRules.of(rule("a", 1, "allow", "\"a.example\"", both, ""))));
    }

    @Test
    void whatAnEarlierDenialTakesAwayIsLeftOutAndSaid() {
        var yes = rule("yes", 200, "allow", "\"a.example.com\", \"b.example.com\"", TCP, "");
        var meaning = FirewallRules.of(rule("no", 100, "deny", "\"a.example.com\"", TCP, "") + yes);
        assertEquals(List.of("b.example.com:443"), hosts(meaning));
        reports(meaning, "yes: allows a.example.com:443, which no denies before it: left out");
        meaning = FirewallRules.of(rule("no", 300, "deny", "\"a.example.com\"", TCP, "") + yes);
        assertEquals(List.of("a.example.com:443", "b.example.com:443"), hosts(meaning));
        assertEquals(
                List.of("b.example.com:443"),
                hosts(FirewallRules.of(rule("no", 100, "deny", "\"a.example.com\"", "\n ip_protocol = \"all\"\n", "")
                        + yes)));
        assertEquals(
                List.of(), hosts(FirewallRules.of(rule("no", 100, "deny", "\"*.example.com\"", TCP, "") + yes)));
        var web = "\n ip_protocol = \"tcp\"\n ports = [\"80\", \"443\"]\n";
        assertEquals(
                List.of("a.example.com:80"),
                hosts(FirewallRules.of(rule("no", 100, "deny", "\"a.example.com\"", TCP, "")
                        + rule("yes", 200, "allow", "\"a.example.com\"", web, ""))));
    }

    /// What cannot be read of a denial denies more, never less.
    @Test
    void aDenialThatCannotBeReadDeniesAll() {
        var yes = rule("yes", 200, "allow", "\"a.example.com\"", TCP, "");
        for (var no : List.of(
                rule("no", 100, "deny", "var.host", TCP, ""),
                rule("no", 100, "deny", "\"a.example.com\"", "\n ip_protocol = \"tcp\"\n ports = [var.port]\n", ""),
                rule("no", 100, "deny", "\"a.example.com\"", "\n ip_protocol = var.protocol\n", ""),
                rule("no", 100, "deny", "\"a.example.com\"", TCP, "").replace("priority = 100", "priority = var.p"),
                rule("no", 100, "deny", "", TCP, "").replace("dest_fqdns = []", "dest_ip_ranges = [\"0.0.0.0/0\"]")))
            assertEquals(List.of(), hosts(FirewallRules.of(yes + no)), no);
        assertEquals(
                List.of("a.example.com:443"),
                hosts(FirewallRules.of(yes
                        + rule("no", 100, "deny", "", TCP, "")
                                .replace("dest_fqdns = []", "dest_ip_ranges = [\"10.0.0.0/8\"]"))));
    }

    @Test
    void duplicatesAndSharedHostsAreSaid() {
        var meaning = FirewallRules.of(rule("a", 1, "allow", "\"github.com\"", TCP, "")
                + rule("b", 2, "allow", "\"github.com\"", TCP, ""));
        assertEquals(List.of("github.com:443 (read)"), hosts(meaning));
        reports(meaning, "b: allows github.com:443, which a allows before it");
        reports(meaning, "github.com is shared by strangers");
    }

    @Test
    void whatCannotBeSaidHereIsNamed() {
        reports(FirewallRules.of(rule("a", 1, "allow", "\"a.example\"", TCP, "disabled = true")), "it is disabled");
        reports(FirewallRules.of(rule("a", 1, "allow", "\"a.example\"", "\n ip_protocol = \"udp\"\n", "")),
                "`udp` does not pass");
        reports(FirewallRules.of(rule("a", 1, "allow", "var.host", TCP, "")), "computed by Terraform");
        reports(FirewallRules.of(rule("a", 1, "allow", "\"${var.host}\"", TCP, "")), "computed by Terraform");
        reports(FirewallRules.of(rule("a", 1, "allow", "\"a.example\"",
                "\n ip_protocol = \"tcp\"\n ports = [\"8000-9000\"]\n", "")), "a range of ports");
        reports(FirewallRules.of(rule("a", 1, "allow", "\"a.example\"", "\n ip_protocol = \"tcp\"\n", "")),
                "all ports of a.example there; here 80 and 443");
        reports(FirewallRules.of(rule("a", 1, "goto_next", "\"a.example\"", TCP, "")), "decides nothing");
        reports(FirewallRules.of(rule("a", 1, "mirror", "\"a.example\"", TCP, "")), "neither allow nor deny");
        reports(FirewallRules.of(rule("a", 1, "allow", "\"ex_ample..com\"", TCP, "")), "is no host");
        assertEquals(List.of(), FirewallRules.of("variable \"x\" { default = { a = [1, 2] } }\n").rules());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "resource \"a\" \"b\" {", "}", "resource \"a", "x = ", "x = [1 2]", "resource \"a\" \"b\" { match { } "
    })
    void whatIsNoHclSaysTheLine(String text) {
        var wrong = assertThrows(IllegalArgumentException.class, () -> FirewallRules.of(text));
        assertTrue(wrong.getMessage().startsWith("line 1: "), wrong.getMessage());
    }

    @Test
    void blocksHaveADepth() {
        assertThrows(IllegalArgumentException.class, () -> FirewallRules.of("a { ".repeat(40) + "}".repeat(40)));
    }
}
