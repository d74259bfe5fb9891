package dev.masugata.app.config;

import dev.masugata.app.config.Config.Registries;
import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Lending;
import dev.masugata.model.ToolClass;
import dev.masugata.sandbox.MountCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads `mcp`: the servers behind the gate.
///
/// @param start a gate that is to start under it, if one is
/// @param paths where a path that the file names stands
/// @param credentials those that there are
record ServerSection(
        Optional<ConfigFile.Start> start,
        Function<String, Optional<Path>> paths,
        Map<String, Credential> credentials) {
    static final Duration CALL_TIMEOUT_MAX = Duration.ofHours(1);

    /// A name that a variable of an environment may have.
    static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    // Below the 60 s after which the common MCP clients give up by themselves.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(55);
    private static final Pattern SERVER = Pattern.compile("[a-z0-9-]{1,64}");

    /// @param review after what time somebody is to look again at what is approved now
    record Mcp(Map<String, ServerEntry> servers, Optional<Duration> review, Registries registries) {}

    Mcp read(Section top) {
        var mcp = top.section("mcp");
        var servers = new LinkedHashMap<String, ServerEntry>();
        var all = mcp.section("servers");
        for (var name : List.copyOf(all.names())) {
            var entry = all.section(name);
            if (!SERVER.matcher(name).matches())
                all.problemAt(name, "a server's name is 1 to 64 of `a-z`, `0-9` and `-`, not `" + name + "`");
            if (name.equals("masugata")) all.problemAt(name, "the name `masugata` is our own");
            server(name, all, entry).ifPresent(it -> servers.put(name, it));
            entry.done();
        }
        var review = mcp.parsed("review", "a time such as `180d`, and not none", ServerSection::reviewTime);
        var registries = registries(mcp.section("registries"));
        mcp.done();
        return new Mcp(servers, review, registries);
    }

    private static Registries registries(Section section) {
        var address = "an address such as https://packages.example.com/npm/";
        var npm = section.parsed("npm", address, ServerSection::endpoint);
        var python = section.parsed("python", address, ServerSection::endpoint);
        var files = new ArrayList<String>();
        for (var text : section.texts("files"))
            endpoint(text).ifPresentOrElse(files::add, () -> section.problemAt("files", "`files` must be a list of"
                    + " addresses such as https://files.example.com/"));
        section.done();
        return new Registries(npm, python, files);
    }

    private static Optional<Duration> reviewTime(String text) {
        return Section.duration(text).filter(Duration::isPositive);
    }

    private Optional<ServerEntry> server(String name, Section all, Section entry) {
        boolean shared = entry.flag("shared");
        boolean host = entry.flag("host");
        boolean firstUse = entry.parsed("pin", "`approve` or `first-use`", it -> switch (it) {
            case "approve" -> Optional.of(false);
            case "first-use" -> Optional.of(true);
            default -> Optional.<Boolean>empty();
        }).orElse(false);
        boolean trust = entry.parsed("trust", "`annotations`", it ->
                it.equals("annotations") ? Optional.of(true) : Optional.empty()).orElse(false);
        var command = entry.texts("command");
        var url = entry.parsed("url", "an address such as https://mcp.example.com/mcp", ServerSection::endpoint);
        if (command.isEmpty() == url.isEmpty()) {
            if (!entry.names().contains("url") || !command.isEmpty())
                all.problemAt(name, "server `" + name + "` needs a `command`: [program, argument, ...], or a `url`, and"
                        + " not both");
            return Optional.empty();
        }
        var lending = lending(name, entry, url);
        if (url.isPresent())
            for (var only : List.of("dir", "env", "read", "host", "allow", "shared"))
                if (entry.names().contains(only))
                    entry.problemAt(only, "server `" + name + "`: `" + only + "` is for a `command`");
        PackagedCommand.problem(command).ifPresent(it -> entry.problemAt("command", it));
        var dir = entry.parsed("dir", "a path", paths);
        var read = directories(entry);
        var allow = EgressSection.allow(entry, "mcp.servers." + name + ".allow");
        if (!allow.isEmpty() && !host && command.stream().anyMatch(it -> it.contains("{workspace}")))
            entry.problemAt("allow", "server `" + name + "`: one that reaches the network does not work on a session's"
                    + " copy; give it a `dir` and `host: true`, or no `{workspace}`");
        if (shared && !allow.isEmpty())
            entry.problemAt("shared", "server `" + name + "`: one that several sessions share reaches no network:"
                    + " nobody could say for whom");
        if (shared && !host && command.stream().anyMatch(it -> it.contains("{workspace}")))
            entry.problemAt("shared", "server `" + name + "`: one that several sessions share works on the copy of"
                    + " none; give it a `dir` and `host: true`, or no `{workspace}`");
        if (host && dir.isEmpty() && url.isEmpty())
            entry.problemAt("host", "server `" + name + "`: a server on the host's own paths needs `dir`: which");
        start.ifPresent(it -> places(name, entry, command, dir, read, it));
        var labels = ContentSection.read(entry);
        var timeout = entry.duration("timeout", CALL_TIMEOUT);
        if (timeout.compareTo(CALL_TIMEOUT_MAX) > 0) entry.problemAt("timeout", "`timeout` may be 1h at most");
        return Optional.of(new ServerEntry(
                name, command, url, lending, dir, environment(entry), read, classes(entry), labels, trust, firstUse,
                new KeySection(paths).read(name, entry), timeout, host, allow, shared));
    }

    /// Nothing is sent in the clear but on this machine itself.
    private static Optional<String> endpoint(String text) {
        try {
            var it = java.net.URI.create(text);
            var host = String.valueOf(it.getHost());
            boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
            boolean safe = "https".equals(it.getScheme()) || "http".equals(it.getScheme()) && here;
            boolean plain = it.getHost() != null && it.getRawUserInfo() == null && it.getRawFragment() == null;
            // An origin alone means its root (RFC 9110, 4.2.3).
            var whole = it.getRawPath() == null || it.getRawPath().isEmpty() ? text + "/" : text;
            return safe && plain ? Optional.of(whole) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /// One credential for all, or one for each group of callers.
    private Lending lending(String name, Section entry, Optional<String> url) {
        if (!entry.names().contains("credential")) return new Lending.Nothing();
        if (!entry.isSection("credential")) {
            var one = entry.text("credential").flatMap(it -> credential(name, entry, "credential", it, url));
            return one.<Lending>map(Lending.Everybodys::new).orElseGet(Lending.Nothing::new);
        }
        var groups = entry.section("credential");
        var byGroup = new LinkedHashMap<String, Credential>();
        for (var group : List.copyOf(groups.names()))
            groups.text(group)
                    .flatMap(it -> credential(name, groups, group, it, url))
                    .ifPresent(it -> byGroup.put(group, it));
        if (groups.names().isEmpty())
            entry.problemAt("credential", "server `" + name + "`: `credential` names one, or one for each group");
        return byGroup.isEmpty() ? new Lending.Nothing() : new Lending.ByGroup(byGroup);
    }

    private Optional<Credential> credential(
            String name, Section at, String member, String credential, Optional<String> url) {
        var known = Optional.ofNullable(credentials.get(credential));
        if (url.isEmpty())
            at.problemAt(member, "server `" + name + "`: a credential fills a slot of requests to a `url`; give a"
                    + " program its own in `env`");
        else if (known.isEmpty())
            at.problemAt(member, "server `" + name + "`: there is no `credentials." + credential + "`"
                    + Nearest.of(credential, credentials.keySet()).map(it -> "; did you mean `" + it + "`?")
                            .orElse(""));
        else if (known.get() instanceof Credential.Signing)
            at.problemAt(member, "server `" + name + "`: `" + credential + "` signs requests through the egress gate;"
                    + " a server needs one that fills a header");
        else if (!known.get().isFor(url.get()))
            at.problemAt(member, "server `" + name + "`: `" + credential + "` is for `" + known.get().origin()
                    + "`, which is not where `url` is");
        return known;
    }

    /// What could never be shown, or is missing for those who are to be served, is said before anything starts.
    private static void places(
            String name,
            Section entry,
            List<String> command,
            Optional<Path> dir,
            List<Path> read,
            ConfigFile.Start start) {
        dir.ifPresent(it -> shown(name, entry, "dir", it, start));
        read.forEach(it -> shown(name, entry, "read", it, start));
        if (!start.serves()) return;
        if (dir.isEmpty() && command.stream().anyMatch(it -> it.contains("{workspace}")))
            entry.problemAt("command", "server `" + name + "`: its command has `{workspace}`, which callers from"
                    + " outside do not bring; under `serve` give it a `dir`");
        dir.filter(it -> !Files.isDirectory(it) && !(it.getParent() != null && Files.isDirectory(it.getParent())))
                .ifPresent(it -> entry.problemAt("dir", "server `" + name + "`: there is no directory `" + it
                        + "`, nor one in which it could be made"));
    }

    /// What is not there yet may come.
    private static void shown(String name, Section entry, String member, Path path, ConfigFile.Start start) {
        try {
            if (!Files.exists(path)) return;
            MountCheck.hides(path, start.hidden()).ifPresent(why -> entry.problemAt(
                    member, "server `" + name + "`: `" + path + "` cannot be shown to it: " + why
                            + "; name a directory of its own"));
        } catch (IOException unreadable) {
            entry.problemAt(member, "server `" + name + "`: `" + path + "` cannot be looked at: "
                    + unreadable.getMessage());
        }
    }

    private static Map<String, String> environment(Section entry) {
        var environment = new LinkedHashMap<String, String>();
        var names = entry.section("env");
        for (var name : List.copyOf(names.names())) {
            if (!VARIABLE.matcher(name).matches()) names.problemAt(name, "`" + name + "` is no name for a variable");
            names.text(name).ifPresent(value -> environment.put(name, value));
        }
        names.done();
        return environment;
    }

    private List<Path> directories(Section entry) {
        var directories = new ArrayList<Path>();
        for (var text : entry.texts("read"))
            paths.apply(text)
                    .ifPresentOrElse(
                            directories::add, () -> entry.problemAt("read", "`read` must be a list of paths"));
        return directories;
    }

    private static Map<String, ToolClass> classes(Section entry) {
        var classes = new LinkedHashMap<String, ToolClass>();
        var tools = entry.section("tools");
        for (var tool : List.copyOf(tools.names()))
            tools.parsed(tool, "read, write, egress, irreversible, credential or execution", ConfigFile::toolClass)
                    .ifPresent(it -> classes.put(tool, it));
        tools.done();
        return classes;
    }
}
