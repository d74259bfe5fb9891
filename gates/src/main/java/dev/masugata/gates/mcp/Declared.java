package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which properties a JSON Schema declares.
///
/// One that it does not declare is refused: nobody approved what it means. A schema that says itself that others may
/// come (and of what shape) declares them; so does one that is composed of parts, for what any of its parts declares.
final class Declared {
    private static final Set<String> OPENING =
            Set.of("additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames");
    private static final List<String> LISTS = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> SINGLE = List.of("if", "then", "else");
    private static final List<String> ITEMS = List.of("items", "additionalItems", "contains", "unevaluatedItems");
    private static final List<String> TUPLES = List.of("prefixItems", "items");

    private final Json.Obj root;

    private Declared(Json.Obj root) {
        this.root = root;
    }

    /// The first property in the value that the schema does not declare, and that it does not; empty if there is none.
    static Optional<String> undeclared(Json.Obj schema, Json.Obj value) {
        return new Declared(schema).undeclared(List.of(schema), value, "", true);
    }

    /// @param outermost the arguments themselves; within them an object of which nothing at all is declared is free
    private Optional<String> undeclared(List<Json> schemas, Json value, String place, boolean outermost) {
        var parts = parts(schemas);
        // A reference that leads elsewhere: only the validator knows what it declares.
        if (parts.isEmpty()) return Optional.empty();
        return switch (value) {
            case Json.Obj object -> ofObject(parts.get(), object, place, outermost);
            case Json.Arr(var items, _) -> ofArray(parts.get(), items, place);
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.empty();
        };
    }

    private Optional<String> ofObject(List<Json.Obj> parts, Json.Obj value, String place, boolean outermost) {
        boolean says = outermost || parts.stream().anyMatch(it -> it.at("properties").isPresent());
        boolean closed = says && parts.stream().noneMatch(it -> it.members().keySet().stream().anyMatch(OPENING::contains));
        for (var member : value.members().entrySet()) {
            var there = place + "/" + member.getKey();
            var shapes = shapes(parts, member.getKey());
            if (shapes.isEmpty() && closed) return Optional.of(there + ": the tool's schema declares no such property");
            var nested = undeclared(shapes, member.getValue(), there, false);
            if (nested.isPresent()) return nested;
        }
        return Optional.empty();
    }

    /// What the parts say of one property.
    private static List<Json> shapes(List<Json.Obj> parts, String name) {
        var shapes = new ArrayList<Json>();
        for (var part : parts) part.object("properties").at(name).ifPresent(shapes::add);
        if (shapes.isEmpty())
            for (var part : parts)
                if (part.at("additionalProperties").orElse(Json.NULL) instanceof Json.Obj other) shapes.add(other);
        return shapes;
    }

    private Optional<String> ofArray(List<Json.Obj> parts, List<Json> items, String place) {
        for (int i = 0; i < items.size(); i++) {
            var found = undeclared(itemShapes(parts, i), items.get(i), place + "/" + i, false);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static List<Json> itemShapes(List<Json.Obj> parts, int index) {
        var shapes = new ArrayList<Json>();
        for (var part : parts) {
            for (var name : TUPLES)
                if (part.items(name).size() > index) shapes.add(part.items(name).get(index));
            for (var name : ITEMS)
                if (part.at(name).orElse(Json.NULL) instanceof Json.Obj each) shapes.add(each);
        }
        return shapes;
    }

    /// All schemas that speak about the same value: these and what they are composed of. Empty when one is not here.
    private Optional<List<Json.Obj>> parts(List<Json> schemas) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Json.Obj, Boolean>());
        var parts = new ArrayList<Json.Obj>();
        var open = new ArrayList<>(schemas);
        while (!open.isEmpty()) {
            if (!(open.removeLast() instanceof Json.Obj part) || !seen.add(part)) continue;
            parts.add(part);
            for (var name : LISTS) open.addAll(part.items(name));
            for (var name : SINGLE) part.at(name).ifPresent(open::add);
            open.addAll(part.object("dependentSchemas").members().values());
            if (part.at("$dynamicRef").isPresent() || part.at("$recursiveRef").isPresent()) return Optional.empty();
            var ref = part.string("$ref");
            if (ref.isEmpty()) continue;
            var found = within(ref.get());
            if (found.isEmpty()) return Optional.empty();
            open.add(found.get());
        }
        return Optional.of(parts);
    }

    /// The part of this document that a reference means (RFC 6901 in a fragment); empty for any other reference.
    private Optional<Json> within(String ref) {
        if (!ref.equals("#") && !ref.startsWith("#/")) return Optional.empty();
        Json at = root;
        for (var step : ref.equals("#") ? List.<String>of() : List.of(ref.substring(2).split("/", -1))) {
            var name = step.replace("~1", "/").replace("~0", "~");
            var next = switch (at) {
                case Json.Obj object -> object.at(name);
                case Json.Arr(var items, _) -> name.matches("[0-9]{1,5}") && Integer.parseInt(name) < items.size()
                        ? Optional.of(items.get(Integer.parseInt(name)))
                        : Optional.<Json>empty();
                case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.<Json>empty();
            };
            if (next.isEmpty()) return Optional.empty();
            at = next.get();
        }
        return Optional.of(at);
    }
}
