package dev.masugata.graph.risk;

import dev.masugata.graph.Schema;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// The definitions that come with it, one file each, and how ways are weighed.
public final class Definitions {
    private static final String PLACE = "/catalog/risks/";

    private Definitions() {}

    public static List<Definition> shipped(Schema schema) {
        return file("index.json").items("risks").stream()
                .map(it -> ((Json.Str) it).value())
                .map(name -> {
                    try {
                        return Definition.of(file(name + ".json"), schema);
                    } catch (RuntimeException wrong) {
                        throw new IllegalStateException("the risk `" + name + "`: " + wrong.getMessage(), wrong);
                    }
                })
                .toList();
    }

    static Json.Obj file(String name) {
        try (var in = Definitions.class.getResourceAsStream(PLACE + name)) {
            if (in == null) throw new IllegalStateException("there is no `" + PLACE + name + "`");
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
