package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.HeaderValue;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The arguments of a tool that are mirrored into headers, `Mcp-Param-*` (MCP 2026-07-28, Streamable HTTP, Custom
/// Headers from Tool Parameters): those whose schema has `x-mcp-header`.
///
/// @param all the place of each in the arguments, by its header
public record ParamHeaders(Map<String, List<String>> all) {
    static final ParamHeaders NONE = new ParamHeaders(Map.of());
    static final String PREFIX = "Mcp-Param-";
    private static final String KEYWORD = "x-mcp-header";
    private static final Set<String> PRIMITIVES = Set.of("string", "integer", "boolean");
    private static final long SAFE = (1L << 53) - 1;

    public ParamHeaders {
        all = Map.copyOf(all);
    }

    /// What the schema says; empty when it says it where or how it must not: then the tool is not usable.
    static Optional<ParamHeaders> of(Json.Obj schema) {
        var found = new LinkedHashMap<String, List<String>>();
        var names = new HashSet<String>();
        int[] reached = {0};
        if (!properties(schema, List.of(), found, names, reached)) return Optional.empty();
        return count(schema) == reached[0] ? Optional.of(new ParamHeaders(found)) : Optional.empty();
    }

    private static boolean properties(
            Json.Obj schema, List<String> path, Map<String, List<String>> found, Set<String> names, int[] reached) {
        for (var property : schema.object("properties").members().entrySet()) {
            if (!(property.getValue() instanceof Json.Obj shape)) continue;
            var there = new ArrayList<>(path);
            there.add(property.getKey());
            var header = shape.at(KEYWORD);
            if (header.isPresent()) {
                reached[0]++;
                boolean usable = header.get() instanceof Json.Str(var name, _)
                        && isToken(name)
                        && names.add(name.toLowerCase(Locale.ROOT))
                        && PRIMITIVES.contains(shape.string("type").orElse(""));
                if (!usable) return false;
                found.put(PREFIX + ((Json.Str) header.get()).value(), there);
            }
            if (!properties(shape, there, found, names, reached)) return false;
        }
        return true;
    }

    /// How often the keyword stands anywhere in the schema; a property of that name is none.
    private static int count(Json value) {
        return switch (value) {
            case Json.Obj object -> {
                int count = object.at(KEYWORD).isPresent() ? 1 : 0;
                for (var member : object.members().entrySet()) {
                    boolean names = member.getKey().equals("properties") && member.getValue() instanceof Json.Obj;
                    if (names)
                        for (var shape : ((Json.Obj) member.getValue()).members().values()) count += count(shape);
                    else if (!member.getKey().equals("default") && !member.getKey().equals("examples")
                            && !member.getKey().equals("const") && !member.getKey().equals("enum"))
                        count += count(member.getValue());
                }
                yield count;
            }
            case Json.Arr(var items, _) -> items.stream().mapToInt(ParamHeaders::count).sum();
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> 0;
        };
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c < 128
                        && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
    }

    /// The headers of one call.
    Map<String, String> mirror(Json.Obj arguments) {
        var headers = new LinkedHashMap<String, String>();
        all.forEach((header, path) -> value(arguments, path)
                .ifPresent(it -> headers.put(header, HeaderValue.encoded(it))));
        return headers;
    }

    /// Why the headers that came with a call are not those of its arguments; empty where they are.
    Optional<String> differs(java.util.function.Function<String, Optional<String>> sent, Json.Obj arguments) {
        for (var entry : all.entrySet()) {
            var expected = value(arguments, entry.getValue());
            var given = sent.apply(entry.getKey());
            if (expected.isEmpty() && given.isEmpty()) continue;
            if (expected.isEmpty() || given.isEmpty()) return Optional.of(entry.getKey());
            var decoded = HeaderValue.decoded(given.get());
            if (decoded.isEmpty() || !same(decoded.get(), expected.get())) return Optional.of(entry.getKey());
        }
        return Optional.empty();
    }

    private static boolean same(String given, String expected) {
        if (given.equals(expected)) return true;
        // Whole numbers may be written in two ways: `42.0` is 42 (section Server Validation).
        try {
            return expected.matches("-?\\d{1,16}") && given.length() <= 32
                    && new java.math.BigDecimal(given).compareTo(new java.math.BigDecimal(expected)) == 0;
        } catch (NumberFormatException word) {
            return false;
        }
    }

    private static Optional<String> value(Json.Obj arguments, List<String> path) {
        Json at = arguments;
        for (var step : path) {
            if (!(at instanceof Json.Obj object)) return Optional.empty();
            at = object.at(step).orElse(Json.NULL);
        }
        return switch (at) {
            case Json.Str(var text, _) -> Optional.of(text);
            case Json.Bool bool -> Optional.of(Boolean.toString(bool.value()));
            case Json.Num number -> number.asLong().filter(it -> Math.abs(it) <= SAFE).map(String::valueOf);
            case Json.Obj _, Json.Arr _, Json.Null _ -> Optional.empty();
        };
    }
}
