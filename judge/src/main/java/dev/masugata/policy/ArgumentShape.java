package dev.masugata.policy;

import dev.masugata.wire.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A tool's arguments as policy may read them: what of its JSON Schema Cedar can type.
///
/// Typed are string, boolean, integer (64 bits), enumerations of strings, arrays of one of these, objects with declared
/// properties, and numbers that fit Cedar's decimal. All else is left out and its place is named in `unmapped`.
final class ArgumentShape {
    /// Nested objects that are typed; deeper ones are unmapped.
    static final int DEPTH_MAX = 8;

    /// Properties of one tool that are typed, nested ones among them; with more, all of its arguments are unmapped.
    static final int PROPERTIES_MAX = 500;

    /// Characters of one property's name; a longer one is unmapped.
    static final int NAME_CHARS_MAX = 200;

    /// What Cedar knows a value as.
    sealed interface Type {
        record Text(Set<String> values) implements Type {}

        record Flag() implements Type {}

        record Whole() implements Type {}

        record Fraction() implements Type {}

        record Many(Type of) implements Type {}

        record Members(Map<String, Member> members) implements Type {}

        /// Cedar has no type for it.
        record Unmapped() implements Type {}
    }

    record Member(Type type, boolean required) {}

    /// Arguments as Cedar values, and the places (JSON Pointers) that have none.
    record Typed(Map<String, Object> values, Set<String> unmapped) {
        static final Typed NONE = new Typed(Map.of(), Set.of());
    }

    static final ArgumentShape NONE = new ArgumentShape(new Type.Members(Map.of()));

    private final Type.Members root;

    private ArgumentShape(Type.Members root) {
        this.root = root;
    }

    static ArgumentShape of(Json.Obj inputSchema) {
        var root = members(inputSchema, 0);
        return count(root) > PROPERTIES_MAX ? NONE : new ArgumentShape(root);
    }

    private static int count(Type type) {
        return type instanceof Type.Members(var members)
                ? members.values().stream().mapToInt(it -> 1 + count(it.type())).sum()
                : 0;
    }

    /// A lone surrogate has no UTF-8, so Cedar's validator could not be given the name.
    private static boolean isTypable(String name) {
        return name.length() <= NAME_CHARS_MAX
                && name.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static Type.Members members(Json.Obj schema, int depth) {
        var required = new LinkedHashSet<String>();
        for (var name : schema.items("required")) if (name instanceof Json.Str(var text, _)) required.add(text);
        var members = new TreeMap<String, Member>();
        schema.object("properties").members().forEach((name, shape) ->
                members.put(name, new Member(
                        isTypable(name) ? type(shape, depth + 1) : new Type.Unmapped(), required.contains(name))));
        return new Type.Members(members);
    }

    private static Type type(Json shape, int depth) {
        if (!(shape instanceof Json.Obj schema) || depth > DEPTH_MAX) return new Type.Unmapped();
        return switch (schema.string("type").orElse("")) {
            case "string" -> new Type.Text(enumeration(schema));
            case "boolean" -> new Type.Flag();
            case "integer" -> new Type.Whole();
            case "number" -> new Type.Fraction();
            case "array" -> switch (type(schema.members().getOrDefault("items", Json.NULL), depth + 1)) {
                case Type.Text item -> new Type.Many(item);
                case Type.Flag item -> new Type.Many(item);
                case Type.Whole item -> new Type.Many(item);
                case Type.Fraction _, Type.Many _, Type.Members _, Type.Unmapped _ -> new Type.Unmapped();
            };
            case "object" -> schema.at("properties").isPresent() ? members(schema, depth) : new Type.Unmapped();
            default -> new Type.Unmapped();
        };
    }

    private static Set<String> enumeration(Json.Obj schema) {
        var values = new LinkedHashSet<String>();
        for (var value : schema.items("enum")) if (value instanceof Json.Str(var text, _)) values.add(text);
        return values;
    }

    /// The arguments as Cedar values, or the place and type of the first that breaks its declared type.
    Typed read(Json.Obj arguments) throws Broken {
        if (root.members().isEmpty() && arguments.members().isEmpty()) return Typed.NONE;
        var unmapped = new LinkedHashSet<String>();
        var values = record(root, arguments, Place.ROOT, unmapped);
        return new Typed(values, unmapped);
    }

    /// A value is not of the type that the tool's schema declares.
    static final class Broken extends Exception {
        Broken(Place place, String type) {
            this("argument `" + place + "` is not the " + type + " that the tool declares");
        }

        private Broken(String message) {
            super(message, null, false, false);
        }

        static Broken missing(Place place) {
            return new Broken("argument `" + place + "` is missing; the tool requires it");
        }
    }

    private static Map<String, Object> record(Type.Members type, Json.Obj object, Place place, Set<String> unmapped)
            throws Broken {
        var values = new LinkedHashMap<String, Object>(object.members().size() * 2);
        for (var entry : object.members().entrySet()) {
            var there = new Place(place, entry.getKey());
            var member = type.members().get(entry.getKey());
            var value = member == null ? Optional.empty() : value(member.type(), entry.getValue(), there, unmapped);
            if (value.isPresent()) values.put(entry.getKey(), value.get());
            else unmapped.add(there.toString());
        }
        // Policies were validated with it there; without it a condition would err where nobody expects it.
        for (var member : type.members().entrySet())
            if (member.getValue().required() && !object.members().containsKey(member.getKey()))
                throw Broken.missing(new Place(place, member.getKey()));
        return values;
    }

    /// Where a value stands, written out as a JSON Pointer (RFC 6901) only where somebody is told.
    private record Place(@Nullable Place above, String name) {
        static final Place ROOT = new Place(null, "");

        @Override
        public String toString() {
            return above == null ? "" : above + "/" + escaped(name);
        }

        private static String escaped(String name) {
            return name.indexOf('~') < 0 && name.indexOf('/') < 0 ? name : name.replace("~", "~0").replace("/", "~1");
        }
    }

    private static Optional<Object> value(Type type, Json json, Place place, Set<String> unmapped) throws Broken {
        return switch (type) {
            case Type.Text(var values) -> {
                if (!(json instanceof Json.Str(var text, _))) throw new Broken(place, "string");
                if (!values.isEmpty() && !values.contains(text)) throw new Broken(place, "one of the strings");
                yield Optional.of(text);
            }
            case Type.Flag _ -> {
                if (!(json instanceof Json.Bool(var flag))) throw new Broken(place, "boolean");
                yield Optional.of(flag);
            }
            case Type.Whole _ -> {
                if (!(json instanceof Json.Num number)) throw new Broken(place, "whole number");
                yield Optional.of(number.asLong().orElseThrow(() -> new Broken(place, "whole number of 64 bits")));
            }
            case Type.Fraction _ -> {
                if (!(json instanceof Json.Num number)) throw new Broken(place, "number");
                yield Extension.Decimal.of(number.asDecimal()).map(it -> (Object) it);
            }
            case Type.Many(var of) -> {
                if (!(json instanceof Json.Arr(var items, _))) throw new Broken(place, "array");
                yield Optional.of(set(of, items, place, unmapped));
            }
            case Type.Members members -> {
                if (!(json instanceof Json.Obj object)) throw new Broken(place, "object");
                yield Optional.of(record(members, object, place, unmapped));
            }
            case Type.Unmapped _ -> Optional.empty();
        };
    }

    private static Set<Object> set(Type of, List<Json> items, Place place, Set<String> unmapped) throws Broken {
        var set = new LinkedHashSet<Object>();
        for (int i = 0; i < items.size(); i++) {
            var item = value(of, items.get(i), new Place(place, Integer.toString(i)), unmapped);
            if (item.isPresent()) set.add(item.get());
        }
        return set;
    }

    /// The record type in the words of a Cedar schema: `{ "path": String, "limit"?: Long }`.
    String cedar() {
        return cedar(root);
    }

    private static String cedar(Type type) {
        return switch (type) {
            case Type.Text _ -> "String";
            case Type.Flag _ -> "Bool";
            case Type.Whole _ -> "Long";
            case Type.Fraction _ -> "decimal";
            case Type.Many(var of) -> "Set<" + cedar(of) + ">";
            case Type.Members(var members) -> {
                var text = new StringBuilder("{");
                members.forEach((name, member) -> {
                    if (member.type() instanceof Type.Unmapped) return;
                    // A number that fits no decimal is left out, so even a required one may be missing.
                    boolean sure = member.required() && !(member.type() instanceof Type.Fraction);
                    text.append(text.length() > 1 ? ", " : "")
                            .append(CedarSchema.quoted(name))
                            .append(sure ? ": " : "?: ")
                            .append(cedar(member.type()));
                });
                yield text.append("}").toString();
            }
            case Type.Unmapped _ -> throw new IllegalStateException("an unmapped type has no name");
        };
    }
}
