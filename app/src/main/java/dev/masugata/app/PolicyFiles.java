package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.app.config.Managed;
import dev.masugata.app.config.ManagedFile;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.Pins;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.policy.PolicySet;
import dev.masugata.policy.Source;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// Where policies come from: files that configuration names, and the schemas of the tools pinned.
public final class PolicyFiles {
    /// Files of policies.
    static final int FILES_MAX = 1_000;

    private PolicyFiles() {}

    /// What configuration names, or the built-in policy; before it what the owner of the machine forbids.
    public static List<Source> of(Config config) throws PolicyProblem.Invalid {
        var sources = new ArrayList<>(managed(config.managed()));
        if (config.policies().isEmpty()) sources.add(builtin());
        for (var path : config.policies()) sources.addAll(read(path));
        return sources;
    }

    /// What the owner of the machine forbids.
    ///
    /// @throws PolicyProblem.Invalid also if it permits anything: whoever permits is the home's own policy
    public static List<Source> managed(Managed managed) throws PolicyProblem.Invalid {
        var sources = new ArrayList<Source>();
        for (var path : managed.policies()) sources.addAll(read(path));
        PolicyLoader.onlyForbid(sources);
        return sources;
    }

    private static Source builtin() {
        try (var in = PolicySet.class.getResourceAsStream("/catalog/policies/builtin.cedar")) {
            if (in == null) throw new IllegalStateException("the built-in policy is missing from this build");
            return new Source("builtin.cedar", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new IllegalStateException("the built-in policy cannot be read", broken);
        }
    }

    public static List<Source> read(Path path) throws PolicyProblem.Invalid {
        try {
            if (!Files.isDirectory(path)) return List.of(new Source(path.toString(), Files.readString(path)));
            var sources = new ArrayList<Source>();
            try (var files = Files.list(path)) {
                for (var file : files.filter(it -> it.toString().endsWith(".cedar")).sorted().limit(FILES_MAX + 1)
                        .toList())
                    sources.add(new Source(file.toString(), Files.readString(file)));
            }
            if (sources.isEmpty()) throw problem(path, "there is no .cedar file in this directory");
            if (sources.size() > FILES_MAX) throw problem(path, "more than " + FILES_MAX + " files of policies");
            return sources;
        } catch (IOException unreadable) {
            throw problem(path, "cannot be read: " + unreadable.getMessage());
        }
    }

    private static PolicyProblem.Invalid problem(Path path, String message) {
        return new PolicyProblem.Invalid(List.of(new PolicyProblem(path.toString(), 1, 1, message)));
    }

    /// What the configuration of a home names, or the built-in policy.
    public static List<Source> configured(Home home) throws PolicyProblem.Invalid {
        try {
            var own = Files.exists(home.config()) ? ConfigFile.read(home.config()) : ConfigFile.defaults();
            return of(own.under(ManagedFile.read()));
        } catch (ConfigProblem.Invalid wrong) {
            throw problem(home.config(), String.valueOf(wrong.getMessage()));
        }
    }

    /// The input schema of each pinned tool, by `server/tool`, from the definitions on record.
    public static Map<String, Json.Obj> pinned(Pins pins, LongFunction<Optional<Entry>> entry) {
        var schemas = new TreeMap<String, Json.Obj>();
        for (var pin : pins.all()) {
            if (!pin.isTool() || !pin.isUsable()) continue;
            entry.apply(pin.seenSeq())
                    .filter(it -> it.event().payload() instanceof Json.Obj)
                    .ifPresent(it -> schemas.put(pin.name(), ((Json.Obj) it.event().payload()).object("inputSchema")));
        }
        return schemas;
    }
}
