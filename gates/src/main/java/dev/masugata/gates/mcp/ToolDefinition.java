package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.util.Optional;

/// A tool as a server describes it (MCP 2025-11-25, Tools), whole: every word of it reaches a model.
///
/// @param hash SHA-256 over the canonical form (RFC 8785) of all of it, hex; what a pin pins
/// @param headers arguments that its server wants to see in headers too
public record ToolDefinition(String server, String name, Json.Obj whole, String hash, ParamHeaders headers) {
    /// Characters of a tool's name (MCP 2025-11-25: 1 to 128 of `[A-Za-z0-9_.-]`).
    static final int NAME_CHARS_MAX = 128;
    /// Bytes of one definition, as canonical JSON.
    static final int DEFINITION_BYTES_MAX = 256 * 1024;

    /// The definition, or why it cannot be one.
    static Optional<ToolDefinition> of(String server, Json tool) {
        if (!(tool instanceof Json.Obj whole)) return Optional.empty();
        var name = whole.string("name").orElse("");
        var canonical = JsonWriter.canonical(whole);
        var headers = ParamHeaders.of(whole.object("inputSchema"));
        boolean usable = isName(name)
                && headers.isPresent()
                && canonical.length <= DEFINITION_BYTES_MAX
                && whole.members().get("inputSchema") instanceof Json.Obj;
        return usable ? Optional.of(new ToolDefinition(server, name, whole, Sha256.hex(canonical), headers.get()))
                : Optional.empty();
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && name.chars().allMatch(c -> c < 128
                        && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-'));
    }

    /// The name under which pins, policies and people know it.
    String qualified() {
        return server + "/" + name;
    }

    Json.Obj inputSchema() {
        return whole.object("inputSchema");
    }

    /// As a client of all servers sees it: the same definition under `server__tool`.
    Json.Obj prefixed() {
        return whole.with("name", server + "__" + name);
    }
}
