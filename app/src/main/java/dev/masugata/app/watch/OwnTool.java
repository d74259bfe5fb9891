package dev.masugata.app.watch;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.List;

/// One tool of our own server.
///
/// @param name    as the best-known watchtowers call theirs
/// @param right   what a caller needs: `events`, `risks`
/// @param about   for the model
/// @param takes   its arguments: name, JSON type and description of each; required are those without a `?` behind
/// @param doing   what it does
record OwnTool(String name, String right, String about, List<Argument> takes, Doing doing) {
    /// What a caller may be given a right to.
    static final List<String> RIGHTS = List.of("events", "risks");

    record Argument(String name, String type, boolean required, String about) {}

    interface Doing {
        Json.Obj of(Json.Obj arguments) throws IOException, Refused;
    }

    /// The arguments cannot be used: told to the caller.
    static final class Refused extends Exception {
        Refused(String message) {
            super(message, null, false, false);
        }
    }

    OwnTool {
        takes = List.copyOf(takes);
    }

    Json.Obj call(Json.Obj arguments) throws IOException, Refused {
        for (var argument : takes)
            if (argument.required() && arguments.at(argument.name()).isEmpty())
                throw new Refused("`" + argument.name() + "` is missing: " + argument.about());
        return doing.of(arguments);
    }

    Json.Obj definition() {
        var properties = Json.EMPTY;
        for (var argument : takes)
            properties = properties.with(argument.name(),
                    Json.object("type", argument.type()).with("description", argument.about()));
        var schema = Json.object("type", "object").with("properties", properties)
                .with("required", Json.strings(takes.stream().filter(Argument::required).map(Argument::name).toList()))
                .with("additionalProperties", Json.FALSE);
        return Json.object("name", name).with("description", about).with("inputSchema", schema)
                .with("outputSchema", Json.object("type", "object"))
                // That it only reads is said by the server's own class; a name such as `run_sysql` says otherwise.
                .with("annotations", Json.object("openWorldHint", Json.FALSE));
    }
}
