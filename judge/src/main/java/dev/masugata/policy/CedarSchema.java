package dev.masugata.policy;

import dev.masugata.model.Action;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// The typed schema that policies are validated against: our nouns, and one action for each pinned tool.
final class CedarSchema {
    private CedarSchema() {}

    /// Cedar schema text.
    ///
    /// @param tools by `server/tool`
    static String of(Map<String, ArgumentShape> tools) {
        var text = new StringBuilder(HEAD);
        var untyped = Arrays.stream(Action.Kind.values())
                .map(kind -> quoted(kind.word()))
                .collect(Collectors.joining(", "));
        text.append("action ").append(untyped).append(" appliesTo ").append(applies("{}")).append(";\n");
        tools.forEach((tool, shape) -> text.append("action ")
                .append(quoted("tool_call:" + tool))
                .append(" in [\"tool_call\"] appliesTo ")
                .append("{ principal: [Agent], resource: [Tool], context: ")
                .append(context(shape.cedar()))
                .append(" };\n"));
        return text.toString();
    }

    private static final String HEAD =
            """
            entity Group;
            entity User;
            entity Agent in [Group] = { user: User };
            entity Server;
            entity Tool in [Server];
            entity Host;
            entity Provider;
            entity Model in [Provider];
            entity Path;
            """;

    private static String applies(String args) {
        return "{ principal: [Agent], resource: [Tool, Server, Path, Host, Model], context: " + context(args) + " }";
    }

    private static String context(String args) {
        return "{ args: " + args + ", session: { purpose: String, labels: Set<String> }, class: String,"
                + " findings: Set<String>, severity: Long, opaque: Set<String>,"
                + " origins: { unproven: Set<String>, untrusted: Set<String>, destinations: Set<String>,"
                + " suspicious: Set<String>, confidential: Set<String>, addresses: Long },"
                + " request: { address: String, method: String, reviewable: Bool, opened: String, scheme: String,"
                + " host: String, port: Long, path: String, promises: Set<String> }, time: datetime, unmapped:"
                        + " Set<String> }";
    }

    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c < 0x20 || c == 0x7F) quoted.append("\\u{").append(Integer.toHexString(c)).append('}');
                    else quoted.appendCodePoint(c);
                }
            }
        });
        return quoted.append('"').toString();
    }
}
