package dev.masugata.definition;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.util.List;

/// What the catalog knows of definitions, as it is shipped.
final class Catalog {
    private Catalog() {}

    /// @param name of a file of `catalog/definitions`, without `.json`
    static Json.Obj of(String name) {
        try (var in = Catalog.class.getResourceAsStream("/catalog/definitions/" + name + ".json")) {
            if (in == null)
                throw new IllegalStateException("`definitions/" + name + ".json` is missing from this build");
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException broken) {
            throw new IllegalStateException("the catalog cannot be read", broken);
        }
    }

    static List<String> words(Json.Obj of, String member) {
        return of.items(member).stream().map(it -> ((Json.Str) it).value()).toList();
    }
}
