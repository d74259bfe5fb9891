package dev.masugata.graph.query;

import dev.masugata.graph.Schema;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The nodes that a question has named so far, and what it may say of them.
final class Scope {
    final Schema schema;
    private final Optional<Scope> outer;
    private final Map<String, Variable> known = new LinkedHashMap<>();

    Scope(Schema schema, Optional<Scope> outer) {
        this.schema = schema;
        this.outer = outer;
    }

    Optional<Variable> of(String name) {
        var here = Optional.ofNullable(known.get(name));
        return here.isPresent() ? here : outer.flatMap(it -> it.of(name));
    }

    boolean isOuter(String name) {
        return !known.containsKey(name) && of(name).isPresent();
    }

    Variable add(Token at, String name, String kind) {
        if (of(name).isPresent())
            throw Tokens.wrong(at, "`" + name + "` is named already; give this node another name: `" + kind + " AS x`");
        var variable = new Variable(name, kind);
        known.put(name, variable);
        return variable;
    }

    Variable nameless(String kind) {
        int depth = outer.map(it -> it.size() + 1).orElse(0);
        var variable = new Variable("_" + depth + "_" + known.size(), kind);
        known.put(variable.name(), variable);
        return variable;
    }

    private int size() {
        return known.size() + outer.map(Scope::size).orElse(0);
    }

    List<Variable> all() {
        return List.copyOf(known.values());
    }

    List<Variable> named() {
        return known.values().stream().filter(it -> !it.name().startsWith("_")).toList();
    }

    void checkKind(Token at, String kind) {
        if (!kind.equals(Schema.ANY) && !schema.kinds().containsKey(kind))
            throw Tokens.unknown(at, "kind of node", schema.kinds().keySet());
    }

    void checkField(Token at, String variable, String field) {
        var kind = of(variable).orElseThrow().kind();
        var fields = schema.fields(kind);
        if (fields.isPresent() && !fields.get().contains(field))
            throw Tokens.unknown(at, "field of " + kind, fields.get());
    }

    /// A hop that no estate of this schema could have says so, instead of finding nothing.
    void checkHop(Token at, Variable from, String kind, Variable to) {
        boolean possible = schema.relations().stream().anyMatch(it -> it.kind().equals(kind)
                && fits(it.from(), from.kind()) && fits(it.to(), to.kind()));
        if (possible) return;
        var others = schema.relations().stream()
                .filter(it -> it.kind().equals(kind))
                .map(it -> it.from() + " " + it.kind() + " " + it.to()).sorted().limit(6).toList();
        throw Tokens.wrong(at, "no " + from.kind() + " is `" + kind + "` to a " + to.kind() + "; there is "
                + String.join(", ", others));
    }

    private static boolean fits(String of, String kind) {
        return of.equals(kind) || of.equals(Schema.ANY) || kind.equals(Schema.ANY);
    }

    /// A form must hang together, have no circle, and not only meet where unrelated things meet.
    ///
    /// @param begins the number of the first node that this form brings in
    void checkShape(Token at, List<Hop> hops) {
        var group = new HashMap<String, String>();
        for (var it : all()) group.put(it.name(), it.name());
        for (var hop : hops) {
            var from = Objects.requireNonNull(group.get(hop.from()));
            var to = Objects.requireNonNull(group.get(hop.to()));
            if (from.equals(to))
                throw Tokens.wrong(at, "the form runs in a circle to `" + hop.to() + "`, which no row can mean;"
                        + " give the second node its own name (`AS x`), or ask `PATH ... TO ...`");
            group.replaceAll((_, it) -> it.equals(from) ? to : it);
        }
        checkMeeting(at, hops);
        var first = group.get(all().getFirst().name());
        for (var it : all())
            if (!Objects.equals(group.get(it.name()), first))
                throw Tokens.wrong(at, "nothing connects `" + it.name() + "` with `" + all().getFirst().name()
                        + "`; name the relation between them");
    }

    private void checkMeeting(Token at, List<Hop> hops) {
        for (var it : all()) {
            if (!schema.shared().contains(it.kind())) continue;
            var meets = new ArrayList<String>();
            for (var hop : hops) {
                if (hop.to().equals(it.name())) meets.add(hop.from());
                if (hop.from().equals(it.name())) meets.add(hop.to());
            }
            if (meets.size() > 1)
                throw Tokens.wrong(at, "`" + meets.get(0) + "` and `" + meets.get(1) + "` only meet at `" + it.name()
                        + "`: that many things have the same " + it.kind()
                        + " does not relate them; ask for each by itself");
        }
    }
}
