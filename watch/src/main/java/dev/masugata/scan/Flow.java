package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.scan.Syntax.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which sources reach which sinks in one script: names that are given a source carry its label, within the function
/// and those inside of it; what is called with such a name is reached by it.
final class Flow {
    /// Rounds in which labels go on from name to name.
    private static final int ROUNDS = 4;
    /// Characters of an expression that are looked at.
    private static final int EXPRESSION = 400;
    private static final Set<String> CALLS = Set.of("call", "call_expression", "new_expression", "command");
    private static final Set<String> READS = Set.of("subscript", "attribute", "member_expression", "string", "word",
            "template_string", "concatenation", "subscript_expression", "expansion", "simple_expansion",
                    "string_content");
    private static final Set<String> PARTS = Set.of("value", "object", "function");
    private static final Set<String> READS_PARTS = Set.of(
            "subscript", "attribute", "member_expression", "subscript_expression", "call", "call_expression");
    private static final Set<String> FUNCTIONS = Set.of(
            "function_definition", "function_declaration", "arrow_function", "function_expression",
                    "method_definition");
    private static final Pattern TOOL = Pattern.compile("(?:^@|[.])(?:[A-Za-z_]+\\.)*(?:tool|registerTool)\\b");
    private static final Pattern ODD = Pattern.compile(
            "(?i)https?://(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|pastebin|webhook\\.site|ngrok|requestbin|pipedream|tran"
            + "sfer\\.sh|"
                    + "discord(?:app)?\\.com/api/webhooks|api\\.telegram\\.org/bot|\\.onion|oast\\.|interact\\.sh");

    /// @param odd the script names a place that nobody serves software from
    record Reach(String source, String sink, int offset, boolean odd) {}

    private final String text;
    private final FlowWords words;
    private final Map<Node, Map<String, Set<String>>> scopes = new IdentityHashMap<>();
    private final Map<Node, Set<String>> sources = new IdentityHashMap<>();
    private final Set<Reach> reached = new LinkedHashSet<>();
    private boolean odd;
    private boolean last;

    private Flow(String text, FlowWords words) {
        this.text = text;
        this.words = words;
    }

    /// Nothing can flow in it, so it need not be parsed.
    static boolean silent(String text, FlowWords occurring) {
        return occurring.sinks().isEmpty()
                || occurring.sources().isEmpty() && !text.contains("tool") && !text.contains("Tool");
    }

    static List<Reach> of(Node root, String text, FlowWords words) {
        var flow = new Flow(text, words.in(text));
        flow.odd = ODD.matcher(text).find();
        for (int round = 0; round < ROUNDS; round++) {
            flow.last = round == ROUNDS - 1;
            flow.walk(root, List.of(root), false);
        }
        return List.copyOf(flow.reached);
    }

    private void walk(Node node, List<Node> within, boolean tool) {
        var inside = within;
        if (FUNCTIONS.contains(node.type())) {
            inside = new ArrayList<>(within);
            inside.add(node);
            if (tool) parameters(node, inside);
        }
        assign(node, inside);
        if (node.type().equals("pipeline")) pipe(node, inside);
        if (last && CALLS.contains(node.type())) call(node, inside, Set.of());
        boolean below = node.type().equals("decorated_definition") && TOOL.matcher(text(node)).find()
                || node.type().equals("call_expression") && node.child("function")
                        .filter(it -> TOOL.matcher(text(it)).find()).isPresent()
                || tool && !FUNCTIONS.contains(node.type());
        for (var child : node.children()) walk(child, inside, below);
    }

    private void parameters(Node function, List<Node> within) {
        function.children().stream().filter(it -> it.field().equals("parameters") || it.field().equals("parameter"))
                .forEach(it -> names(it, within));
    }

    private void names(Node node, List<Node> within) {
        boolean name = node.type().equals("identifier") || node.type().equals("shorthand_property_identifier_pattern");
        if (name) learn(text(node), Set.of("argument"), within);
        for (var child : node.children()) if (!child.field().equals("type")) names(child, within);
    }

    private void assign(Node node, List<Node> within) {
        var to = switch (node.type()) {
            case "assignment", "assignment_expression", "augmented_assignment", "for_statement", "for_in_statement" ->
                node.child("left");
            case "variable_declarator", "variable_assignment", "named_expression" -> node.child("name");
            case "as_pattern" -> node.child("alias");
            case String _ -> java.util.Optional.<Node>empty();
        };
        if (to.isEmpty()) return;
        var from = node.children().stream().filter(it -> it != to.get() && !it.field().equals("body")).toList();
        var labels = new TreeSet<String>();
        from.forEach(it -> labels(it, within, labels));
        if (!labels.isEmpty()) targets(to.get(), labels, within);
    }

    private void targets(Node node, Set<String> labels, List<Node> within) {
        if (node.children().isEmpty()) {
            if (node.from() < node.to()) learn(text(node), labels, within);
        } else node.children().forEach(it -> targets(it, labels, within));
    }

    private void learn(String name, Set<String> labels, List<Node> within) {
        if (!name.matches("[A-Za-z_$][A-Za-z0-9_$]*")) return;
        scopes.computeIfAbsent(within.getLast(), _ -> new HashMap<>())
                .computeIfAbsent(name, _ -> new TreeSet<>()).addAll(labels);
    }

    /// What a pipeline's earlier commands say, its later ones are told.
    private void pipe(Node node, List<Node> within) {
        var labels = new TreeSet<String>();
        for (var command : node.children()) {
            if (last && command.type().equals("command")) call(command, within, Set.copyOf(labels));
            labels(command, within, labels);
        }
    }

    private void call(Node node, List<Node> within, Set<String> told) {
        var called = node.child("function").or(() -> node.child("constructor")).or(() -> node.child("name"));
        if (called.isEmpty()) return;
        var name = text(called.get());
        var whole = text(node);
        for (var sink : words.sinks()) {
            if (!sink.pattern().matcher(node.type().equals("command") ? whole : name).find()) continue;
            var labels = new TreeSet<>(told);
            for (var child : node.children()) if (child != called.get()) labels(child, within, labels);
            for (var label : labels) reached.add(new Reach(label, sink.label(), node.from(), odd));
        }
    }

    /// Labels of everything in an expression.
    private void labels(Node node, List<Node> within, Set<String> labels) {
        if (FUNCTIONS.contains(node.type())) return;
        if (node.type().equals("identifier") || node.type().equals("variable_name")) {
            var name = text(node);
            for (var scope : within) labels.addAll(scopes.getOrDefault(scope, Map.of()).getOrDefault(name, Set.of()));
        }
        if (CALLS.contains(node.type()) || READS.contains(node.type()))
            labels.addAll(sources.computeIfAbsent(node, this::source));
        for (var child : node.children()) {
            // In `os.environ["HOME"]` nobody takes all of `os.environ`.
            boolean part = PARTS.contains(child.field()) && READS.contains(child.type())
                    && READS_PARTS.contains(node.type());
            if (part) child.children().forEach(it -> labels(it, within, labels));
            else labels(child, within, labels);
        }
    }

    private Set<String> source(Node node) {
        var said = text(node);
        var labels = new TreeSet<String>();
        for (var source : words.sources()) if (source.pattern().matcher(said).find()) labels.add(source.label());
        return labels;
    }

    private String text(Node node) {
        return text.substring(node.from(), Math.min(node.to(), node.from() + EXPRESSION));
    }
}
