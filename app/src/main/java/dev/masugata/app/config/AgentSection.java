package dev.masugata.app.config;

import dev.masugata.app.config.Config.AgentEntry;
import dev.masugata.app.config.Config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads `agents` and `users`.
///
/// @param starts whether a gate is to start under it: then a token that is named must be readable
/// @param paths  where a path that the file names stands
record AgentSection(boolean starts, Function<String, Optional<Path>> paths) {
    List<AgentEntry> read(Section top) {
        var agents = new ArrayList<AgentEntry>();
        var seen = new HashMap<String, Boolean>();
        for (var entry : top.sections("agents")) {
            var id = entry.text("id").orElse("");
            if (!id.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}"))
                entry.problemAt("id", "`id` must be 1 to 64 letters, digits, `.`, `_` or `-`");
            if (id.startsWith("masugata")) entry.problemAt("id", "names that begin with `masugata` are our own");
            if (seen.putIfAbsent(id, true) != null) entry.problemAt("id", "another agent has the id `" + id + "`");
            var user = entry.text("user").orElse("");
            if (user.isEmpty()) entry.problemAt("id", "agent `" + id + "` needs a `user`: for whom it acts");
            var groups = Set.copyOf(entry.texts("groups"));
            var token = secret(entry, "token");
            if (starts && token.isPresent())
                unreadable(token.get()).ifPresent(why -> entry.problemAt("token", "agent `" + id + "`: " + why));
            agents.add(new AgentEntry(id, user, groups, token));
            entry.done();
        }
        return agents;
    }

    static Users users(Section top) {
        var groups = new HashMap<String, Set<String>>();
        for (var entry : top.sections("users")) {
            var id = entry.text("id").orElse("");
            if (id.isEmpty()) top.problemAt("users", "a user needs an `id`: the name that `agents` gives as `user`");
            if (groups.putIfAbsent(id, Set.copyOf(entry.texts("groups"))) != null)
                entry.problemAt("id", "another user has the id `" + id + "`");
            entry.done();
        }
        return new Users(groups);
    }

    private static Optional<String> unreadable(Secret secret) {
        return switch (secret) {
            case Secret.InFile(var file) when !Files.isRegularFile(file) || !Files.isReadable(file) ->
                Optional.of("its token file `" + file + "` cannot be read; make it, or leave `token` out and let"
                        + " `masugata agents add` make one");
            case Secret.InEnvironment(var name) when System.getenv(name) == null ->
                Optional.of("the variable `" + name + "` of its token is not set");
            case Secret.InFile _, Secret.InEnvironment _ -> Optional.empty();
        };
    }

    private Optional<Secret> secret(Section entry, String name) {
        return entry.reference(name, "`file:PATH` or `env:NAME`: values stand outside the configuration", text -> {
            if (text.startsWith("file:") && text.length() > 5)
                return paths.apply(text.substring(5)).map(Secret.InFile::new);
            if (text.startsWith("env:") && ServerSection.VARIABLE.matcher(text.substring(4)).matches())
                return Optional.of(new Secret.InEnvironment(text.substring(4)));
            return Optional.<Secret>empty();
        });
    }
}
