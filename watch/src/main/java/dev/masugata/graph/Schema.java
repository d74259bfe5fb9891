package dev.masugata.graph;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which words a question may use: kinds of nodes with their fields, and relations between them.
///
/// @param kinds     fields by kind
/// @param relations known ones, and what an estate shows
/// @param inverses  another word for a relation read backwards: `AFFECTS` for `AFFECTED_BY`
/// @param shared    kinds that many things have in common without hanging together through them
public record Schema(
        Map<String, Set<String>> kinds, Set<Relation> relations, Map<String, String> inverses, Set<String> shared) {

    /// A relation that is possible.
    public record Relation(String from, String kind, String to) {}

    /// Stands for a node of every kind.
    public static final String ANY = "Resource";
    /// Fields of every node.
    public static final Set<String> EVERY = Set.of("id", "name", "kind");

    private static final String FILE = "/catalog/graph/schema.json";

    /// What the catalog knows.
    public static Schema shipped() {
        var json = file();
        var kinds = new TreeMap<String, Set<String>>();
        var relations = new HashSet<Relation>();
        json.object("kinds").members().forEach((kind, it) -> kinds.put(kind, new TreeSet<>(strings(it))));
        for (var it : json.items("relations")) {
            var words = strings(it);
            relations.add(new Relation(words.get(0), words.get(1), words.get(2)));
        }
        var inverses = new HashMap<String, String>();
        json.object("inverses").members().forEach((word, it) -> inverses.put(word, ((Json.Str) it).value()));
        return new Schema(kinds, relations, inverses, Set.copyOf(strings(json.at("shared").orElse(Json.NULL))));
    }

    /// This schema with what an estate shows besides.
    public Schema with(Estate estate) {
        var more = new TreeMap<String, Set<String>>();
        kinds.forEach((kind, fields) -> more.put(kind, new TreeSet<>(fields)));
        var kindOf = new HashMap<String, String>();
        for (var node : estate.nodes()) {
            kindOf.put(node.id(), node.kind());
            more.computeIfAbsent(node.kind(), _ -> new TreeSet<>()).addAll(node.attributes().keySet());
        }
        var seen = new HashSet<>(relations);
        for (var edge : estate.edges())
            seen.add(new Relation(
                    Objects.requireNonNull(kindOf.get(edge.fact().from())), edge.fact().kind(),
                    Objects.requireNonNull(kindOf.get(edge.fact().to()))));
        return new Schema(more, seen, inverses, shared);
    }

    public Set<String> relationKinds() {
        var words = new TreeSet<>(inverses.keySet());
        relations.forEach(it -> words.add(it.kind()));
        return words;
    }

    /// @return empty: every field may be asked of this kind, as nothing is known of it
    public Optional<Set<String>> fields(String kind) {
        if (kind.equals(ANY)) return Optional.empty();
        var fields = new TreeSet<>(kinds.getOrDefault(kind, Set.of()));
        fields.addAll(EVERY);
        return Optional.of(fields);
    }

    /// The shortest way from one kind to another over relations, forwards; empty: there is none of at most `hops`.
    public Optional<List<Relation>> way(String from, String to, int hops) {
        var ways = List.of(List.<Relation>of());
        var seen = new HashSet<>(Set.of(from));
        for (int i = 0; i < hops; i++) {
            var longer = new ArrayList<List<Relation>>();
            for (var way : ways) {
                var end = way.isEmpty() ? from : way.getLast().to();
                for (var it : relations.stream().filter(r -> r.from().equals(end)).sorted(ORDER).toList()) {
                    var next = new ArrayList<>(way);
                    next.add(it);
                    if (it.to().equals(to)) return Optional.of(next);
                    if (seen.add(it.to())) longer.add(next);
                }
            }
            ways = longer;
        }
        return Optional.empty();
    }

    private static final java.util.Comparator<Relation> ORDER =
            java.util.Comparator.comparing(Relation::to).thenComparing(Relation::kind);

    private static List<String> strings(Json json) {
        return json instanceof Json.Arr(var items, _)
                ? items.stream().map(it -> ((Json.Str) it).value()).toList()
                : List.of();
    }

    private static Json.Obj file() {
        try (var in = Schema.class.getResourceAsStream(FILE)) {
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
