package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.List;

/// What a server is known to do by its name or package: brings strangers' text, holds private data, sends out.
final class Traits {
    private record Known(Pattern pattern, List<String> traits) {}

    private static final List<Known> KNOWN = Catalog.json("servers/traits.json").items("servers").stream()
            .map(it -> (Json.Obj) it)
            .map(it -> new Known(Pattern.compile(it.string("pattern").orElseThrow()),
                    it.items("traits").stream().map(Tree::word).toList()))
            .toList();

    private Traits() {}

    static List<String> of(String name, String pack, String url) {
        var all = name + " " + pack + " " + Servers.host(url);
        return KNOWN.stream().filter(it -> it.pattern().matcher(all).find())
                .flatMap(it -> it.traits().stream()).distinct().sorted().toList();
    }
}
