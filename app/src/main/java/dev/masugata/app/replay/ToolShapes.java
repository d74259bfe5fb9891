package dev.masugata.app.replay;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tools of recorded runs: their names and the shapes of their arguments, as far as calls that worked show them.
///
/// An argument has the type it had most often; a call that says the same otherwise (`"5"` for 5, one text for a list of
/// one, null for nothing) is written as that type says.
final class ToolShapes {
    private final Map<String, Map<String, Map<String, Integer>>> seen = new TreeMap<>();

    static ToolShapes of(List<RecordedRun> runs) {
        var shapes = new ToolShapes();
        for (var run : runs) for (var call : run.calls()) if (!call.failed()) shapes.see(call);
        return shapes;
    }

    private void see(RecordedRun.Step.Called call) {
        var arguments = seen.computeIfAbsent(call.tool(), _ -> new TreeMap<>());
        call.arguments().members().forEach((name, value) -> {
            if (!(value instanceof Json.Null))
                arguments.computeIfAbsent(name, _ -> new TreeMap<>()).merge(type(value), 1, Integer::sum);
        });
    }

    /// How many tools there are.
    int size() {
        return seen.size();
    }

    /// Tool definitions (MCP 2025-11-25, `Tool`), without a description: the runs have none.
    Json.Arr definitions() {
        var tools = new ArrayList<Json>();
        seen.forEach((name, arguments) -> {
            var properties = new LinkedHashMap<String, Json>();
            arguments.forEach((argument, types) -> properties.put(argument, schema(most(types))));
            var schema = Json.object("type", "object").with("properties", new Json.Obj(properties, null));
            tools.add(Json.object("name", name).with("inputSchema", schema));
        });
        return new Json.Arr(tools);
    }

    private static Json schema(String type) {
        return type.equals("array")
                ? Json.object("type", type).with("items", Json.object("type", "string"))
                : Json.object("type", type);
    }

    private static String most(Map<String, Integer> types) {
        // Whole and broken numbers are both numbers.
        if (types.containsKey("number") && types.containsKey("integer")) return "number";
        return types.entrySet().stream().max(Comparator.comparingInt(Map.Entry::getValue)).orElseThrow().getKey();
    }

    private static String type(Json value) {
        return switch (value) {
            case Json.Str _ -> "string";
            case Json.Num number -> number.asLong().isPresent() ? "integer" : "number";
            case Json.Bool _ -> "boolean";
            case Json.Arr _ -> "array";
            case Json.Obj _ -> "object";
            case Json.Null _ -> "null";
        };
    }

    /// The arguments of a call in the types of its tool.
    Json.Obj arguments(RecordedRun.Step.Called call) {
        var known = seen.getOrDefault(call.tool(), Map.of());
        var members = new LinkedHashMap<String, Json>();
        call.arguments().members().forEach((name, value) -> {
            var types = known.get(name);
            if (!(value instanceof Json.Null)) members.put(name, types == null ? value : as(most(types), value));
        });
        return new Json.Obj(members, null);
    }

    private static Json as(String type, Json value) {
        return switch (type) {
            case "string" -> value instanceof Json.Num number ? Json.of(number.literal()) : value;
            case "number", "integer" -> value instanceof Json.Str(var text, _) ? number(text).orElse(value) : value;
            case "boolean" -> value instanceof Json.Str(var text, _) ? flag(text).orElse(value) : value;
            case "array" -> value instanceof Json.Str ? new Json.Arr(List.of(value)) : value;
            case String _ -> value;
        };
    }

    private static Optional<Json> number(String text) {
        try {
            var value = new java.math.BigDecimal(text.strip());
            if (value.scale() <= 0) return Optional.of(Json.of(value.longValueExact()));
            return Optional.of(new Json.Num(value.toPlainString()));
        } catch (ArithmeticException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static Optional<Json> flag(String text) {
        return switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> Optional.of(Json.TRUE);
            case "false" -> Optional.of(Json.of(false));
            case String _ -> Optional.empty();
        };
    }
}
