package dev.masugata.graph.risk;

import dev.masugata.graph.Estate;
import dev.masugata.model.Relation;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Something that a person can change, as it would show in the next scan.
///
/// @param relation  what would not be there any more; empty: the change is of an attribute
/// @param node      whose attribute changes
/// @param attribute empty where a relation is cut
/// @param says      what to do, in words
public record Change(Optional<Relation> relation, String node, String attribute, Object value, String says) {

    /// The same thing done for another reason is the same change.
    String key() {
        return relation.map(it -> it.kind() + " " + it.from() + " " + it.to())
                .orElse(node + " " + attribute + "=" + value);
    }

    Estate applied(Estate estate) {
        return relation.map(it -> estate.with(List.of(it), Map.of()))
                .orElseGet(() -> estate.with(List.of(), Map.of(node, Map.of(attribute, value))));
    }

    public Json.Obj json() {
        var json = Json.object("says", says);
        if (relation.isPresent())
            return json.with("cut", Json.object("kind", relation.get().kind()).with("from", relation.get().from())
                    .with("to", relation.get().to()));
        return json.with("set", Json.object("node", node).with("attribute", attribute)
                .with("value", value instanceof Boolean it ? Json.of(it) : Json.of(value.toString())));
    }

    /// A change as a definition says it.
    ///
    /// @param cut   the number of the question's relation that is cut, from 1; 0: an attribute is set
    /// @param node  the question's node whose attribute is set
    public record Form(int cut, String node, String attribute, Object value, String says) {
        static Form of(Json.Obj json) {
            var says = json.string("says").orElseThrow();
            if (json.at("cut").isPresent())
                return new Form(json.integer("cut").orElseThrow().intValue(), "", "", "", says);
            var value = switch (json.at("value").orElseThrow()) {
                case Json.Bool(var it) -> (Object) it;
                case Json.Str(var it, _) -> it;
                case Json other -> throw new IllegalArgumentException("a change sets no " + other);
            };
            return new Form(0, json.string("node").orElseThrow(), json.string("attribute").orElseThrow(), value, says);
        }
    }
}
