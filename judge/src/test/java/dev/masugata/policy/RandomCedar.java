package dev.masugata.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Random Cedar text. `typed` text passes validation, for the tool of [RandomEvidence]; the other kind now and then has
/// values of a wrong type, missing attributes and texts that are no address, for errors must be the same too.
final class RandomCedar {
    private final RandomGenerator random;
    private final boolean typed;

    RandomCedar(RandomGenerator random, boolean typed) {
        this.random = random;
        this.typed = typed;
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    // --- policies ---------------------------------------------------------------------------------------------

    /// Policies with ids `p0`, `p1`...; holds among them.
    String policies(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) text.append(policy("p" + i, chance(45)));
        return text.toString();
    }

    String policy(String id, boolean permits) {
        var hold = permits ? "" : chance(40) ? "@hold(\"shall it?\")\n" : chance(25)
                ? any("@mask(\"f1\")\n", "@strip(\"f2\")\n") : "";
        var text = new StringBuilder("@id(\"" + id + "\")\n" + hold + (permits ? "permit" : "forbid"))
                .append(" (principal").append(principal()).append(", action").append(action())
                .append(", resource").append(resource()).append(")");
        int conditions = random.nextInt(3);
        for (int i = 0; i < conditions; i++)
            text.append(chance(70) ? "\nwhen { " : "\nunless { ").append(flag(3)).append(" }");
        return text.append(";\n").toString();
    }

    private String principal() {
        if (chance(60)) return "";
        return any(" == Agent::\"coder\"", " in Group::\"eng\"", " in Group::\"ops\"", " is Agent",
                " is Agent in Group::\"eng\"", " in Agent::\"coder\"", typed ? "" : " is User", typed ? "" : " == User::\"alice\"");
    }

    private String action() {
        if (typed) return any(" == Action::\"tool_call:files/write_file\"", " in [Action::\"tool_call:files/write_file\"]");
        if (chance(40)) return "";
        return any(" == Action::\"tool_call:files/write_file\"", " in Action::\"tool_call\"", " == Action::\"tool_call\"",
                " in [Action::\"delivery\", Action::\"tool_call\"]", " == Action::\"delivery\"", " in []",
                " in Action::\"tool_list\"");
    }

    private String resource() {
        if (chance(60)) return "";
        return any(" == Tool::\"files/write_file\"", " in Server::\"files\"", " is Tool in Server::\"files\"", " is Tool",
                typed ? "" : " in Server::\"file\"", typed ? "" : " is Server");
    }

    // --- expressions ------------------------------------------------------------------------------------------

    String flag(int depth) {
        if (!typed && chance(2)) return any("1", "\"true\"", "principal", "[true]");
        if (depth == 0) return leaf();
        int d = depth - 1;
        return switch (random.nextInt(18)) {
            case 0, 1 -> "(" + flag(d) + " && " + flag(d) + ")";
            case 2, 3 -> "(" + flag(d) + " || " + flag(d) + ")";
            case 4 -> "!(" + flag(d) + ")";
            case 5 -> "(if " + flag(d) + " then " + flag(d) + " else " + flag(d) + ")";
            case 6 -> number(d) + any(" < ", " <= ", " > ", " >= ", " == ", " != ") + number(d);
            case 7 -> equality(d);
            case 8 -> text(d) + " like " + pattern();
            case 9 -> set(d) + any(".contains(" + text(d) + ")", ".containsAll(" + set(d) + ")", ".containsAny(" + set(d) + ")",
                    ".isEmpty()");
            case 10 -> decimal() + any(".lessThan(", ".lessThanOrEqual(", ".greaterThan(", ".greaterThanOrEqual(") + decimal() + ")";
            case 11 -> chance(50) ? ip() + ".isInRange(" + ip() + ")"
                    : ip() + any(".isIpv4()", ".isIpv6()", ".isLoopback()", ".isMulticast()");
            case 12 -> chance(50) ? datetime(d) + any(" < ", " >= ", " == ") + datetime(d)
                    : duration(d) + any(" < ", " <= ", " > ", " != ") + duration(d);
            case 13 -> entity() + " in " + (chance(60) ? entity() : "[" + entity() + ", " + entity() + "]");
            case 14 -> entity() + any(" is Agent", " is Tool", " is Agent in Group::\"eng\"", " is User");
            default -> leaf();
        };
    }

    private String equality(int d) {
        var op = any(" == ", " != ");
        if (typed) return text(d) + op + text(d);
        return switch (random.nextInt(6)) {
            case 0 -> set(d) + op + set(d);
            case 1 -> entity() + op + entity();
            case 2 -> "{\"a\": " + number(d) + ", b: " + text(d) + "}" + op + "{b: " + text(d) + ", a: " + number(d) + "}";
            case 3 -> any("context.request", "context.args", "context.session", "context") + op + any("context.args", "context.session", "context");
            case 4 -> ip() + op + any(ip(), decimal());
            default -> text(d) + op + any(text(d), number(d));
        };
    }

    /// The conditions that a policy is really made of.
    private String leaf() {
        if (!typed && chance(15)) return any("context.args.missing", "context.nothing == 1", "context.args.flag",
                "principal.user.name == \"x\"", "resource.owner == principal", "context.session has labels.x",
                "principal has user.name", "User::\"alice\" has name", "context.args.path has x", "context has \"a b\"");
        return switch (random.nextInt(20)) {
            case 0, 1 -> "context.findings.contains(\"" + any("f1", "f2", "f3") + "\")";
            case 2 -> "context.session.labels.contains(\"" + any("secret", "untrusted") + "\")";
            case 3, 4 -> "context.severity " + any("<", "<=", ">", ">=", typed ? "<" : "==") + " " + random.nextInt(6);
            case 5 -> "context.unmapped.isEmpty()";
            case 6 -> any("context.opaque.isEmpty()", "context.findings.isEmpty()", "context.session.labels.isEmpty()");
            case 7 -> "context.class == \"" + any("read", "write", "egress") + "\"";
            case 8 -> any("context.request.reviewable", "context.request.opened == \"all\"",
                    "context.request.host == \"example.com\"", "context.request.port == 443",
                    "context.request.path like \"/a*\"", "context.request.scheme == \"https\"");
            case 9 -> "context.args has flag && context.args.flag";
            case 10 -> "context.args has count && context.args.count " + any("<", ">", "==") + " " + random.nextInt(-3, 12);
            case 11 -> "(context.args has count && context.args.count " + any("*", "+", "-") + " " + literal() + " > 5)";
            case 12 -> "context.args has options.deep && context.args.options.deep.contains(\"a\")";
            case 13 -> "(context.args has options && context.args.options has mode && context.args.options.mode == \"fast\")";
            case 14 -> "principal.user == User::\"" + any("alice", "bob") + "\"";
            case 15 -> "context.session.purpose like \"*fix*\"";
            case 16 -> any("context.findings.containsAny([\"f1\", \"f2\"])", "context.origins.suspicious.isEmpty()",
                    "context.origins.untrusted.containsAny(context.origins.destinations)",
                            "context.origins.addresses < 2");
            case 17 -> "(context.args has ratio && context.args.ratio.greaterThan(decimal(\"0.5\")))";
            case 18 -> any("true", "false");
            default -> "[context.findings].contains([\"f1\"])";
        };
    }

    private String literal() {
        return any("0", "1", "-1", "2", "7", "9223372036854775807", "-9223372036854775808", "4611686018427387904");
    }

    private String number(int depth) {
        if (!typed && chance(3)) return any("true", "\"3\"", "context.args.count", "context.args.path");
        if (depth == 0 || chance(30)) return any(literal(), "context.severity", literal(), "context.origins.addresses");
        int d = depth - 1;
        return switch (random.nextInt(7)) {
            case 0 -> "(" + number(d) + " + " + number(d) + ")";
            case 1 -> "(" + number(d) + " - " + number(d) + ")";
            case 2 -> "(" + number(d) + " * " + number(d) + ")";
            case 3 -> "-(" + number(d) + ")";
            case 4 -> duration(d) + any(".toDays()", ".toHours()", ".toMinutes()", ".toSeconds()", ".toMilliseconds()");
            case 5 -> "(if " + flag(d) + " then " + number(d) + " else " + number(d) + ")";
            default -> literal();
        };
    }

    private String text(int depth) {
        if (!typed && chance(3)) return any("1", "context.args.missing", "context.args[\"path\"]");
        return any("\"f1\"", "\"secret\"", "\"/srv/a*b\"", "\"\\u{e9}\\n\\\"\\x41\\0\"", "context.args.path", "context.class",
                "context.session.purpose", "context.request.method", "context[\"request\"][\"address\"]");
    }

    private String pattern() {
        var text = new StringBuilder("\"");
        for (int i = random.nextInt(5); i >= 0; i--)
            text.append(any("*", "*", "/work", "a", "\\*", "b", "/", "\\u{e9}", "**", "\\\\", "*a", "\\n", "é", "😀"));
        return text.append('"').toString();
    }

    private String set(int depth) {
        if (!typed && chance(10)) return any("[]", "[1, \"a\"]", "context.args.options.deep", "1", "[[\"f1\"], {}]");
        if (chance(50)) return any("context.findings", "context.session.labels", "context.unmapped", "context.opaque",
                "context.origins.untrusted", "context.origins.unproven", "context.origins.suspicious",
                "context.origins.destinations", "context.origins.confidential");
        var items = new ArrayList<String>();
        for (int i = random.nextInt(3); i >= 0; i--) items.add(text(depth));
        return "[" + String.join(", ", items) + "]";
    }

    private String entity() {
        if (!typed && chance(3)) return any("1", "context.findings");
        return any("principal", "resource", typed ? "principal" : "action", "principal.user", "User::\"alice\"", "Group::\"eng\"",
                "Server::\"files\"", "Tool::\"files/write_file\"", "Agent::\"coder\"",
                typed ? "Group::\"ops\"" : "Action::\"tool_call\"");
    }

    /// A literal that is wrong is refused when it is compiled; behind an `if` it errs only when it is reached.
    private String late(String text) {
        return "if true then \"" + text + "\" else \"\"";
    }

    private String decimal() {
        if (typed || chance(80)) return "decimal(\"" + any("0.5", "-0.5", "1.2345", "922337203685477.5807", "0.0", "12.50") + "\")";
        return "decimal(" + any("context.args.path", late("1.23456"), late("922337203685477.5808"), late("1")) + ")";
    }

    private String ip() {
        if (typed || chance(80)) return "ip(\"" + any("127.0.0.1", "10.0.0.0/8", "10.1.2.3", "::1", "224.0.0.1", "ff02::1", "fe80::/10") + "\")";
        return "ip(" + any("context.request.address", late("10.0.0.256"), late("")) + ")";
    }

    private String datetime(int depth) {
        if (depth > 0 && chance(40)) return chance(50) ? datetime(depth - 1) + ".toDate()"
                : datetime(depth - 1) + ".offset(" + duration(depth - 1) + ")";
        return any("context.time", "datetime(\"2026-01-31\")", "datetime(\"2026-01-31T09:00:00Z\")",
                "datetime(\"1969-12-31T23:59:59.999+0130\")");
    }

    private String duration(int depth) {
        if (depth > 0 && chance(40)) return chance(50) ? datetime(depth - 1) + ".toTime()"
                : datetime(depth - 1) + ".durationSince(" + datetime(depth - 1) + ")";
        return "duration(\"" + any("1d2h3m4s5ms", "-90m", "0ms", "9223372036854775807ms", "86400s") + "\")";
    }

    static List<String> ids(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
    }
}
