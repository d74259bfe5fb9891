package dev.masugata.app.scan;

import dev.masugata.app.Home;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.scan.ToldServers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A first configuration of the gate, made of the servers that agents are told of.
///
/// @param servers that are taken over
/// @param notes   why others are not, and what is left to do
public record FirstConfig(List<String> servers, List<String> notes, String yaml) {
    public FirstConfig {
        servers = List.copyOf(servers);
        notes = List.copyOf(notes);
    }

    public static FirstConfig of(Path user) throws IOException {
        var servers = new ArrayList<String>();
        var notes = new ArrayList<String>();
        var yaml = new StringBuilder(
                "# Written by `masugata init`. Nothing of a server is shown before `masugata tools approve`.\n");
        yaml.append("mcp:\n  servers:\n");
        for (var told : ToldServers.of(user)) {
            var id = told.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-").replaceAll("^-+|-+$", "");
            var why = left(told, id);
            if (!why.isEmpty()) {
                notes.add("`" + told.name() + "` of " + told.agent() + ": " + why);
                continue;
            }
            if (told.keyed()) notes.add("`" + told.name()
                    + "`: its key stays where it is; hand it over with `credentials:`");
            servers.add(id);
            yaml.append("    ").append(id).append(": { ").append(told.url().isEmpty()
                    ? "command: " + JsonWriter.text(Json.strings(told.command()))
                    : "url: " + JsonWriter.text(Json.of(told.url()))).append(" }\n");
        }
        if (servers.isEmpty()) return new FirstConfig(servers, notes,
                "# no MCP server was found that the gate could take over\n");
        return new FirstConfig(servers, notes, yaml.toString());
    }

    private static String left(ToldServers.ToldServer told, String id) {
        if (id.isEmpty() || id.equals("masugata")) return "its name is ours";
        if (told.loose()) return "name an exact version first, `package@1.2.3`";
        if (told.image()) return "servers in containers cannot be sealed yet";
        if (told.command().isEmpty() && !told.url().startsWith(
                "https://")) return "it has neither a command nor an https URL";
        boolean secret = told.command().stream().anyMatch(it -> !it.equals(dev.masugata.scan.Covered.keys(it))
                && told.keyed());
        return secret ? "a key stands in its command" : "";
    }

    /// @throws IOException names the problem; then nothing was written
    public void write(Home home) throws IOException {
        try {
            home.make();
            var draft = Files.createTempFile(home.directory(), "init", ".yaml");
            try {
                Files.writeString(draft, yaml);
                ConfigFile.read(draft);
            } finally {
                Files.deleteIfExists(draft);
            }
            Atomic.write(home.config(), yaml, Atomic.OWNER);
        } catch (Home.Unusable | ConfigProblem.Invalid unfit) {
            throw new IOException(unfit.getMessage());
        }
    }
}
