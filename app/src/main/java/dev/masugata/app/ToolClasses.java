package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.util.Optional;

/// What a tool can do at worst, and who says so: the operator, then a catalog entry for exactly this package and
/// version, then its own annotation where the server is trusted for that; else nobody, and it is unconfirmed.
final class ToolClasses {
    private ToolClasses() {}

    static ToolClass of(ServerEntry server, String tool, Json definition) {
        var given = server.tools().get(tool);
        if (given != null) return given;
        return packaged(server, tool)
                .or(() -> server.trustAnnotations() ? annotated(definition) : Optional.empty())
                .orElse(ToolClass.UNCONFIRMED);
    }

    private static Optional<ToolClass> packaged(ServerEntry server, String tool) {
        var named = server.packaged();
        var entry = named.isPresent()
                ? entry(named.get().name(), named.get().version())
                : InstalledPackage.of(server).flatMap(it -> entry(it.name(), it.version()));
        return entry
                .flatMap(it -> it.object("tools").string(tool))
                .flatMap(dev.masugata.app.config.ConfigFile::toolClass);
    }

    private static Optional<Json.Obj> entry(String name, String version) {
        var file = "/catalog/tools/" + name.replace("@", "").replace('/', '-') + "-" + version + ".json";
        try (var in = ToolClasses.class.getResourceAsStream(file)) {
            if (in == null) return Optional.empty();
            var entry = (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
            boolean same = entry.string("package").equals(Optional.of(name)) && entry.string("version").equals(Optional.of(version));
            return same ? Optional.of(entry) : Optional.empty();
        } catch (IOException broken) {
            throw new IllegalStateException("the catalog cannot be read", broken);
        }
    }

    /// MCP 2025-11-25, `ToolAnnotations`. Only `readOnlyHint` says enough to be a class.
    private static Optional<ToolClass> annotated(Json definition) {
        if (!(definition instanceof Json.Obj whole)) return Optional.empty();
        return whole.object("annotations").isTrue("readOnlyHint") ? Optional.of(ToolClass.READ) : Optional.empty();
    }
}
