package dev.masugata.definition;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The shape of a definition: nothing in it is larger, deeper or stranger than a tool needs, and it refers to nothing
/// outside of itself.
///
/// What is too long is not read by the person who approves; what stands in a default, in an enumeration or in the name
/// of a parameter is read by the model like any description.
public final class Structure implements Check {
    static final int DESCRIPTION_CHARS_MAX = 16 * 1024;
    static final int TITLE_CHARS_MAX = 256;
    /// Characters of one text in `default`, `const`, `enum` or `examples`.
    static final int VALUE_CHARS_MAX = 1_000;
    /// Characters of the name of one parameter.
    static final int PARAMETER_CHARS_MAX = 128;
    /// Schemas within schemas.
    static final int SCHEMA_DEPTH_MAX = 32;
    /// Schemas of one definition.
    static final int SCHEMAS_MAX = 2_000;

    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
    private static final Set<String> LISTED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> SINGLE = Set.of(
            "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
                    "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
    private static final Set<String> VALUES = Set.of("default", "const", "enum", "examples");

    @Override
    public List<Finding> check(Definition definition) {
        var look = new Look();
        var it = definition.members();
        look.text(it, "", "description", DESCRIPTION_CHARS_MAX);
        look.text(it, "", "title", TITLE_CHARS_MAX);
        look.text(it.object("annotations"), "/annotations", "title", TITLE_CHARS_MAX);
        look.text(it, "", "instructions", DESCRIPTION_CHARS_MAX);
        for (var schema : List.of("inputSchema", "outputSchema"))
            it.at(schema).ifPresent(shape -> look.schema(shape, "/" + schema, 1));
        int number = 0;
        for (var argument : it.items("arguments")) look.argument(argument, "/arguments/" + number++);
        return List.copyOf(look.findings);
    }

    /// One look at one definition.
    private static final class Look {
        private final List<Finding> findings = new ArrayList<>();
        private int schemas;

        private void found(String what, String place) {
            findings.add(new Finding("definition/" + what, Severity.MEDIUM, place));
        }

        private void text(Json.Obj in, String place, String member, int most) {
            if (in.string(member).filter(it -> it.length() > most).isPresent())
                found("long-" + member, Definition.below(place, member));
        }

        private void argument(Json argument, String place) {
            if (!(argument instanceof Json.Obj it)) return;
            it.string("name").ifPresent(name -> parameter(name, Definition.below(place, "name")));
            text(it, place, "description", DESCRIPTION_CHARS_MAX);
        }

        /// Each bound is said once: what lies beyond it is not looked at.
        private void schema(Json schema, String place, int depth) {
            if (!(schema instanceof Json.Obj it)) return;
            if (depth > SCHEMA_DEPTH_MAX) {
                found("deep-schema", place);
                return;
            }
            if (++schemas == SCHEMAS_MAX + 1) found("many-schemas", place);
            if (schemas > SCHEMAS_MAX) return;
            text(it, place, "description", DESCRIPTION_CHARS_MAX);
            text(it, place, "title", TITLE_CHARS_MAX);
            it.members().forEach((keyword, value) -> keyword(keyword, value, Definition.below(place, keyword), depth));
        }

        private void keyword(String keyword, Json value, String place, int depth) {
            if (REFERENCES.contains(keyword)) {
                if (!(value instanceof Json.Str(var to, _)) || !to.startsWith("#")) found("foreign-reference", place);
            } else if (VALUES.contains(keyword)) {
                if (longest(value) > VALUE_CHARS_MAX) found("long-value", place);
            } else if (NAMED.contains(keyword) && value instanceof Json.Obj(var members, _)) {
                members.forEach((name, schema) -> {
                    var there = Definition.below(place, name);
                    if (keyword.equals("properties")) parameter(name, there);
                    schema(schema, there, depth + 1);
                });
            } else if (LISTED.contains(keyword) && value instanceof Json.Arr(var items, _)) {
                for (int i = 0; i < items.size(); i++) schema(items.get(i), place + "/" + i, depth + 1);
            } else if (SINGLE.contains(keyword)) {
                schema(value, place, depth + 1);
            }
        }

        /// A name is a word: it holds no sentence and nothing that cannot be seen.
        private void parameter(String name, String place) {
            boolean word = !name.isEmpty()
                    && name.length() <= PARAMETER_CHARS_MAX
                    && name.codePoints().allMatch(Look::isSeen);
            if (!word) found("odd-parameter", place);
        }

        private static boolean isSeen(int point) {
            return !Character.isWhitespace(point) && !Character.isSpaceChar(point) && !Difference.isHidden(point);
        }

        private static int longest(Json value) {
            return switch (value) {
                case Json.Str(var text, _) -> text.length();
                case Json.Arr(var items, _) -> items.stream().mapToInt(Look::longest).max().orElse(0);
                case Json.Obj(var members, _) -> members.entrySet().stream()
                        .mapToInt(it -> Math.max(it.getKey().length(), longest(it.getValue())))
                        .max()
                        .orElse(0);
                case Json.Num _, Json.Bool _, Json.Null _ -> 0;
            };
        }
    }
}
