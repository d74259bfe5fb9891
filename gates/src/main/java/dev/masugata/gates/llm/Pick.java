package dev.masugata.gates.llm;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.Optional;

/// Small readings of answers.
final class Pick {
    private Pick() {}

    /// Members that are objects, with their places.
    static List<Placed> objects(Json.Obj of, String name, String place) {
        var items = of.items(name);
        var all = new java.util.ArrayList<Placed>(items.size());
        for (int i = 0; i < items.size(); i++)
            if (items.get(i) instanceof Json.Obj object) all.add(new Placed(object, place + "/" + name + "/" + i, i));
        return all;
    }

    record Placed(Json.Obj object, String place, int index) {
        /// Its own number where it says one.
        long number() {
            return object.integer("index").orElse((long) index);
        }
    }

    /// 0 where it is absent; -1 where it is no whole number.
    static long count(Json.Obj of, String name) {
        return of.at(name).filter(it -> !(it instanceof Json.Null))
                .map(_ -> of.integer(name).orElse(-1L)).orElse(0L);
    }

    static Optional<Json.Obj> object(Json.Obj of, String name) {
        return of.at(name).filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
    }
}
