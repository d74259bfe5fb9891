package dev.masugata.scan;

import dev.masugata.wire.Json;

/// How one thing is mended in the file that it stands in. A way of `here` is the place of the weakness itself.
public sealed interface Fix {
    String HERE = "here";

    /// The value becomes another one.
    record Set(String way, Json value) implements Fix {}

    /// It is taken out.
    record Remove(String way) implements Fix {}

    /// It becomes a long random word.
    record Random(String way) implements Fix {}

    /// A key becomes the name of a variable, which the agent's own file of variables gives its value.
    record Variable() implements Fix {}

    /// The file is closed to others.
    record Close() implements Fix {}

    static Fix of(Json.Obj json) {
        if (json.string("set").isPresent()) return new Set(json.string("set").get(), json.at("to").orElseThrow());
        if (json.string("remove").isPresent()) return new Remove(json.string("remove").get());
        if (json.string("random").isPresent()) return new Random(json.string("random").get());
        if (json.isTrue("variable")) return new Variable();
        if (json.isTrue("close")) return new Close();
        throw new IllegalArgumentException("no fix: " + json);
    }
}
