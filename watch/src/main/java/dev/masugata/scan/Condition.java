package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a check asks of a tree. It answers with the places that make it true; a truth without a place has an empty one.
sealed interface Condition {
    /// Where it holds; empty if it does not.
    List<Tree.Place> holds(Json tree);

    record All(List<Condition> parts) implements Condition {
        @Override
        public List<Tree.Place> holds(Json tree) {
            List<Tree.Place> first = List.of();
            for (var part : parts) {
                var places = part.holds(tree);
                if (places.isEmpty()) return List.of();
                if (first.isEmpty() || first.getFirst().path().isEmpty()) first = places;
            }
            return first;
        }
    }

    record Any(List<Condition> parts) implements Condition {
        @Override
        public List<Tree.Place> holds(Json tree) {
            var all = new ArrayList<Tree.Place>();
            for (var part : parts) all.addAll(part.holds(tree));
            return all;
        }
    }

    record Not(Condition part) implements Condition {
        @Override
        public List<Tree.Place> holds(Json tree) {
            return part.holds(tree).isEmpty() ? List.of(new Tree.Place(List.of(), tree)) : List.of();
        }
    }

    /// Some place on the way passes.
    record At(String way, Test test) implements Condition {
        @Override
        public List<Tree.Place> holds(Json tree) {
            return Tree.at(tree, way).stream().filter(it -> test.passes(it.value())).toList();
        }
    }

    /// Some item or member is the subject of another condition.
    record Each(String way, Condition inner) implements Condition {
        @Override
        public List<Tree.Place> holds(Json tree) {
            return Tree.at(tree, way).stream().filter(it -> !inner.holds(it.value()).isEmpty()).toList();
        }
    }

    sealed interface Test {
        boolean passes(Json value);

        record Is(List<String> words) implements Test {
            @Override
            public boolean passes(Json value) {
                return !(value instanceof Json.Obj || value instanceof Json.Arr) && words.contains(Tree.word(value));
            }
        }

        record Matches(Pattern pattern) implements Test {
            @Override
            public boolean passes(Json value) {
                return pattern.matcher(Tree.word(value)).find();
            }
        }

        record Present() implements Test {
            @Override
            public boolean passes(Json value) {
                return !(value instanceof Json.Null);
            }
        }

        record AtLeast(long least) implements Test {
            @Override
            public boolean passes(Json value) {
                return value instanceof Json.Num number && number.asLong().filter(it -> it >= least).isPresent();
            }
        }

        record AtMost(long most) implements Test {
            @Override
            public boolean passes(Json value) {
                return value instanceof Json.Num number && number.asLong().filter(it -> it <= most).isPresent();
            }
        }

        record ShorterThan(int chars) implements Test {
            @Override
            public boolean passes(Json value) {
                return value instanceof Json.Str text && text.value().length() < chars;
            }
        }
    }

    /// As the catalog writes it: `{at: way, is: x | in: [..] | matches: pattern | least: n | most: n | shorter: n}`,
    /// `{absent: way}`, `{all: [..]}`, `{any: [..]}`, `{not: ..}`, `{each: way, has: ..}`.
    static Condition of(Json json) {
        if (json instanceof Json.Arr list) return new All(list.items().stream().map(Condition::of).toList());
        var object = (Json.Obj) json;
        if (object.at("all").isPresent()) return new All(list(object, "all"));
        if (object.at("any").isPresent()) return new Any(list(object, "any"));
        if (object.at("not").isPresent()) return new Not(of(object.at("not").orElseThrow()));
        if (object.at("absent").isPresent())
            return new Not(new At(Tree.word(object.at("absent").get()), new Test.Present()));
        if (object.at("each").isPresent())
            return new Each(Tree.word(object.at("each").get()), of(object.at("has").orElseThrow()));
        var way = object.string("at").orElseThrow(() -> new IllegalArgumentException("no condition: " + json));
        return new At(way, test(object));
    }

    private static List<Condition> list(Json.Obj object, String name) {
        return object.items(name).stream().map(Condition::of).toList();
    }

    private static Test test(Json.Obj object) {
        var tests = new ArrayList<Test>();
        for (var one : object.members().entrySet()) made(one).ifPresent(tests::add);
        if (tests.size() > 1) throw new IllegalArgumentException("two tests in " + object);
        return tests.isEmpty() ? new Test.Present() : tests.getFirst();
    }

    private static Optional<Test> made(Map.Entry<String, Json> one) {
        var value = one.getValue();
        return switch (one.getKey()) {
            case "at" -> Optional.empty();
            case "is" -> Optional.of(new Test.Is(List.of(Tree.word(value))));
            case "in" -> Optional.of(new Test.Is(((Json.Arr) value).items().stream().map(Tree::word).toList()));
            case "matches" -> Optional.of(new Test.Matches(Pattern.compile(Tree.word(value))));
            case "least" -> Optional.of(new Test.AtLeast(Long.parseLong(Tree.word(value))));
            case "most" -> Optional.of(new Test.AtMost(Long.parseLong(Tree.word(value))));
            case "shorter" -> Optional.of(new Test.ShorterThan(Integer.parseInt(Tree.word(value))));
            default -> throw new IllegalArgumentException("no test of a value: `" + one.getKey() + "`");
        };
    }
}
