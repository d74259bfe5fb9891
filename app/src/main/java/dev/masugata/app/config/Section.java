package dev.masugata.app.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// One mapping of the file while it is read. What is never asked for is unknown, and said so by [#done].
final class Section {
    private final String file;
    private final String path;
    private final List<ConfigProblem> problems;
    private final Map<String, Node> members = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    /// @param node null: the mapping is not there, every member is missing
    Section(String file, String path, @Nullable Node node, List<ConfigProblem> problems) {
        this.file = file;
        this.path = path;
        this.problems = problems;
        if (node == null) return;
        if (!(node instanceof MappingNode mapping)) {
            problem(node, "expected " + (path.isEmpty() ? "names with values" : "`" + path + "` to have names with values"));
            return;
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(tuple.getKeyNode(), "a name must be plain text");
                continue;
            }
            if (members.putIfAbsent(key.getValue(), tuple.getValueNode()) != null)
                problem(key, "`" + below(key.getValue()) + "` stands here twice");
            keys.put(key.getValue(), key);
        }
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    void problem(@Nullable Node node, String message) {
        int line = node == null ? 1 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        int column = node == null ? 1 : node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
        problems.add(new ConfigProblem(file, line, column, message));
    }

    void problemAt(String name, String message) {
        problem(members.get(name), message);
    }

    Set<String> names() {
        return members.keySet();
    }

    Optional<Node> node(String name) {
        asked.add(name);
        return Optional.ofNullable(members.get(name));
    }

    Section section(String name) {
        return new Section(file, below(name), node(name).orElse(null), problems);
    }

    /// One item of a list that has names with values of its own.
    Section item(String name, int index, Node item) {
        return new Section(file, below(name) + "[" + index + "]", item, problems);
    }

    /// True if the member has names with values of its own.
    boolean isSection(String name) {
        return members.get(name) instanceof MappingNode;
    }

    /// A part of the contract that this version does not have: refused, never ignored.
    void notBuilt(String name, String what) {
        node(name).ifPresent(_ -> problem(keys.get(name), "`" + below(name) + "`: " + what + " is not built yet"));
    }

    Optional<String> text(String name) {
        return node(name).flatMap(node -> {
            if (node instanceof ScalarNode scalar) return Optional.of(scalar.getValue());
            problem(node, "`" + below(name) + "` must be text");
            return Optional.empty();
        });
    }

    <T> Optional<T> parsed(String name, String expected, Function<String, Optional<T>> parse) {
        var text = text(name);
        if (text.isEmpty()) return Optional.empty();
        var value = parse.apply(text.get());
        if (value.isEmpty()) problem(members.get(name), "`" + below(name) + "` must be " + expected + ", not `" + text.get() + "`");
        return value;
    }

    /// Like [#parsed], for where a secret may have been written by mistake: it is not said again.
    <T> Optional<T> reference(String name, String expected, Function<String, Optional<T>> parse) {
        var text = text(name);
        if (text.isEmpty()) return Optional.empty();
        var value = parse.apply(text.get());
        if (value.isEmpty()) problem(members.get(name), "`" + below(name) + "` must be " + expected);
        return value;
    }

    boolean flag(String name) {
        return parsed(name, "true or false", text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.<Boolean>empty();
                })
                .orElse(false);
    }

    List<String> texts(String name) {
        var node = node(name);
        if (node.isEmpty()) return List.of();
        if (!(node.get() instanceof SequenceNode sequence)) {
            problem(node.get(), "`" + below(name) + "` must be a list: [one, two]");
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar) texts.add(scalar.getValue());
            else problem(item, "`" + below(name) + "` must be a list of plain text");
        }
        return texts;
    }

    List<Section> sections(String name) {
        var node = node(name);
        if (node.isEmpty()) return List.of();
        if (!(node.get() instanceof SequenceNode sequence)) {
            problem(node.get(), "`" + below(name) + "` must be a list");
            return List.of();
        }
        var sections = new ArrayList<Section>();
        for (int i = 0; i < sequence.getValue().size(); i++)
            sections.add(new Section(file, below(name) + "[" + i + "]", sequence.getValue().get(i), problems));
        return sections;
    }

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

    Duration duration(String name, Duration otherwise) {
        return parsed(name, "a time such as `45s`, `10m`, `1h` or `180d`", Section::duration).orElse(otherwise);
    }

    static Optional<Duration> duration(String text) {
        var form = DURATION.matcher(text);
        if (!form.matches()) return Optional.empty();
        long amount = Long.parseLong(form.group(1));
        return Optional.of(switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        });
    }

    /// Says of every name that nobody asked for that it is unknown, and which known one is nearest.
    void done() {
        for (var name : members.keySet()) {
            if (asked.contains(name)) continue;
            var nearest = Nearest.of(name, asked);
            problem(
                    keys.get(name),
                    "unknown `" + below(name) + "`; "
                            + nearest.map(it -> "did you mean `" + it + "`?")
                                    .orElse("known here: " + asked.stream().sorted().collect(Collectors.joining(", "))));
        }
    }
}
