package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Software that runs models, or that agents are made with: its ports, images and packages, as data.
final class Engines {
    private static final Json.Obj DATA = Catalog.json("engines/engines.json");
    private static final Map<Long, String> PORTS = new HashMap<>();
    private static final Map<String, Set<String>> PACKAGES = new HashMap<>();

    static {
        DATA.object("ports").members().forEach((name, ports) ->
                ((Json.Arr) ports).items().forEach(it -> PORTS.put(((Json.Num) it).asLong().orElseThrow(), name)));
        DATA.object("packages").members().forEach((ecosystem, names) -> PACKAGES.put(ecosystem,
                new HashSet<>(((Json.Arr) names).items().stream().map(Tree::word).toList())));
    }

    private Engines() {}

    /// Empty if no engine usually listens there.
    static String at(int port) {
        return PORTS.getOrDefault((long) port, "");
    }

    /// The engine whose image this is; empty if it is none.
    static String image(String image) {
        var bare = image.replaceFirst("@.*$", "").replaceFirst(":[^/:]*$", "");
        for (var one : DATA.items("images")) {
            var name = Tree.word(one);
            if (bare.equals(name) || bare.endsWith("/" + name)) return name;
        }
        return "";
    }

    static boolean ai(String ecosystem, String name) {
        if (PACKAGES.getOrDefault(ecosystem, Set.of()).contains(name)) return true;
        int slash = name.indexOf('/');
        return slash > 0 && PACKAGES.getOrDefault(ecosystem, Set.of()).contains(name.substring(0, slash) + "/*");
    }
}
