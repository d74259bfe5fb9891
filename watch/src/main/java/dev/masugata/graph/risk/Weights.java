package dev.masugata.graph.risk;

import dev.masugata.graph.risk.Risk.Factor;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a way is weighed: by rules of the catalog, each of which says why.
final class Weights {
    /// From here on a vulnerability counts as exploited soon (EPSS).
    static final double EPSS_HIGH = 0.5;
    /// Known to be exploited.
    static final double KEV = 0.9;

    private static final Json.Obj FILE = Definitions.file("weights.json");

    private Weights() {}

    /// The rule that makes a relation a step.
    record Rule(String id, double likelihood) {}

    static Rule rule(String relation) {
        var it = FILE.object("steps").object(relation);
        if (it.members().isEmpty()) it = FILE.object("steps").object("*");
        return new Rule(it.string("id").orElseThrow(), number(it, "likelihood"));
    }

    private static double number(Json.Obj of, String name) {
        return ((Json.Num) of.at(name).orElseThrow()).asDecimal().doubleValue();
    }

    private static boolean is(Json.Obj node, String attribute) {
        return node.object("attributes").isTrue(attribute);
    }

    static boolean isExposed(Json.Obj node) {
        return is(node, "isExposed") || has(node, "traits", "untrusted");
    }

    static boolean has(Json.Obj node, String attribute, String value) {
        return node.object("attributes").items(attribute).contains(Json.of(value));
    }

    static boolean isOpen(Json.Obj node) {
        return is(node, "isExposed") && !is(node, "authenticated") && !node.string("kind").orElse("")
                .equals("Vulnerability");
    }

    static boolean isVulnerability(Json.Obj node) {
        return node.string("kind").orElse("").equals("Vulnerability");
    }

    /// How likely a vulnerability is used: its EPSS, at least 0.9 where it is known to be exploited, less where its
    /// code is not in use.
    static Factor vulnerability(Json.Obj node) {
        var attributes = node.object("attributes");
        double epss = epss(attributes);
        double likelihood = is(node, "kev") ? Math.max(KEV, epss) : epss;
        var because = is(node, "kev") ? "known to be exploited"
                : attributes.string("epss").isPresent() ? "EPSS" : "no EPSS: by its severity";
        var use = attributes.at("inUse");
        double inUse = use.isEmpty() ? 0.6 : is(node, "inUse") ? 1 : 0.2;
        because += use.isEmpty() ? ", not known to be in use" : inUse == 1 ? ", in use" : ", not in use";
        return new Factor("vulnerability " + node.string("name").orElse(""), likelihood * inUse, because);
    }

    static double epss(Json.Obj attributes) {
        var said = attributes.string("epss");
        if (said.isPresent() && said.get().matches("[01](\\.[0-9]{1,9})?"))
            return Math.min(1, Double.parseDouble(said.get()));
        return number(FILE.object("severity"), attributes.string("severity").orElse("Unknown"));
    }

    /// Exploited elsewhere, or likely to be soon.
    static boolean isExploited(Json.Obj node) {
        return isVulnerability(node) && (is(node, "kev") || node.object("attributes").string("epss").isPresent()
                && epss(node.object("attributes")) >= EPSS_HIGH);
    }

    static boolean isInUse(Json.Obj node) {
        return is(node, "inUse");
    }

    /// What is worth most on the ways.
    static Factor value(Iterable<Json.Obj> nodes) {
        double most = number(FILE.object("value"), "*");
        var because = "nothing of known value on the way";
        for (var node : nodes) {
            var kind = node.string("kind").orElse("");
            double value = FILE.object("value").at(kind).isPresent() ? number(FILE.object("value"), kind) : 0;
            if (is(node, "sensitive") || is(node, "overWide") || has(node, "traits", "private")) value = 1;
            if (value > most) {
                most = value;
                because = kind + " " + node.string("name").orElse("");
            }
        }
        return new Factor("value", most, because);
    }

    /// What holds an attacker back, or helps: seal, approvals, autonomy, a server whose answers are trusted.
    static List<Factor> controls(Iterable<Json.Obj> nodes) {
        var factors = new ArrayList<Factor>();
        var seen = new java.util.HashSet<String>();
        for (var node : nodes)
            for (var control : FILE.items("controls")) {
                var it = (Json.Obj) control;
                var attribute = it.string("attribute").orElseThrow();
                if (!node.object("attributes").at(attribute).equals(it.at("equals"))) continue;
                if (!seen.add(attribute + it.at("equals"))) continue;
                factors.add(new Factor(
                        it.string("id").orElseThrow(), number(it, "factor"),
                        node.string("name").orElse("") + ": " + it.string("says").orElseThrow()));
            }
        return factors;
    }

    static Factor severity(Definition definition) {
        var word = definition.severity().word();
        return new Factor("severity", number(FILE.object("weight"), word), word + " by definition");
    }

    /// Twice as much where ten thousand nodes lie behind the subject, half of it where nothing does.
    static Factor blast(int reached) {
        double value = 0.5 + Math.min(0.5, Math.log10(1 + reached) / 8);
        return new Factor("blast radius", value, reached + " nodes behind it");
    }

    static Map<String, Json> steps() {
        return FILE.object("steps").members();
    }
}
