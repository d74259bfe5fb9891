package dev.masugata.app.config;

import dev.masugata.app.config.Config.AgentEntry;
import dev.masugata.app.config.Config.Secret;
import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.checkpoint.RateLimits.Rate;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.ToolClass;
import dev.masugata.sandbox.MountCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads `masugata.yaml`.
public final class ConfigFile {
    /// Bytes of one configuration file.
    static final long BYTES_MAX = 1024 * 1024;

    /// Lists and mappings inside one another.
    static final int DEPTH_MAX = 64;

    static final Duration HOLD_WAIT = Duration.ofSeconds(45);
    static final Duration HOLD_EXPIRY = Duration.ofHours(1);
    static final Duration RETENTION = Duration.ofDays(180);
    /// Shorter, and what an operator is to look at is erased before anybody can.
    static final Duration RETENTION_MIN = Duration.ofHours(1);
    // Below the 60 s after which the common MCP clients give up by themselves.
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(55);
    static final Duration CALL_TIMEOUT_MAX = Duration.ofHours(1);
    static final Map<String, Rate> RATES =
            Map.of("caller", new Rate(200, 400), "tool", new Rate(100, 200), "address", new Rate(400, 800));

    private static final Pattern SERVER = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> INSTALLERS = Set.of("npx", "uvx", "bunx", "pnpx");

    private final String file;
    private final Optional<Start> start;
    private final Path directory;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigFile(Path file, Optional<Start> start) {
        this.start = start;
        this.file = file.toString();
        this.directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    }

    /// What holds without any file.
    public static Config defaults() {
        try {
            return new ConfigFile(Path.of("masugata.yaml"), Optional.empty()).config(null);
        } catch (ConfigProblem.Invalid impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A gate that is to start under it: then what it names on this machine is looked at too.
    ///
    /// @param hidden what no server may see: Masugata's home and installation
    /// @param serves whether callers from outside are served, who bring no workspace
    public record Start(List<Path> hidden, boolean serves) {
        public Start {
            hidden = List.copyOf(hidden);
        }
    }

    /// Reads what the file says, whatever stands on this machine.
    ///
    /// @throws ConfigProblem.Invalid with everything that is wrong
    public static Config read(Path file) throws ConfigProblem.Invalid {
        return read(file, Optional.empty());
    }

    /// Reads it for a gate that starts.
    ///
    /// @throws ConfigProblem.Invalid with everything that is wrong, here too
    public static Config read(Path file, Start start) throws ConfigProblem.Invalid {
        return read(file, Optional.of(start));
    }

    private static Config read(Path file, Optional<Start> start) throws ConfigProblem.Invalid {
        var reader = new ConfigFile(file, start);
        try {
            if (Files.size(file) > BYTES_MAX)
                throw reader.invalid(1, 1, "a configuration may have " + BYTES_MAX + " bytes");
            return reader.config(reader.compose(Files.readString(file)));
        } catch (IOException unreadable) {
            throw reader.invalid(1, 1, "cannot be read: " + unreadable.getMessage());
        }
    }

    private @Nullable Node compose(String text) throws ConfigProblem.Invalid {
        try {
            var settings = LoadSettings.builder()
                    .setLabel(file)
                    .setAllowDuplicateKeys(true) // found by Section, with both names and all other mistakes beside it
                    .setMaxAliasesForCollections(0)
                    .setAllowRecursiveKeys(false)
                    .build();
            refuseDepth(new Parse(settings).parseString(text));
            return new Compose(settings).composeString(text).orElse(null);
        } catch (MarkedYamlEngineException wrong) {
            int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = wrong.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
            throw invalid(line, column, "this is not YAML: " + wrong.getProblem());
        } catch (YamlEngineException wrong) {
            throw invalid(1, 1, "this is not YAML: " + wrong.getMessage());
        }
    }

    /// Composing recurses; what is nested without end would end the thread.
    private void refuseDepth(Iterable<Event> events) throws ConfigProblem.Invalid {
        int depth = 0;
        for (var event : events) {
            if (event instanceof CollectionStartEvent) depth++;
            if (event instanceof CollectionEndEvent) depth--;
            if (depth <= DEPTH_MAX) continue;
            int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
            throw invalid(line, column, "a configuration may be nested " + DEPTH_MAX + " deep");
        }
    }

    private ConfigProblem.Invalid invalid(int line, int column, String message) {
        return new ConfigProblem.Invalid(List.of(new ConfigProblem(file, line, column, message)));
    }

    private Config config(@Nullable Node root) throws ConfigProblem.Invalid {
        var top = new Section(file, "", root, problems);
        var listen = top.section("listen");
        var gates = address(listen, "gates", 7171);
        var people = address(listen, "people", 7173);
        listen.notBuilt("proxy", "the forward proxy");
        listen.done();
        var agents = agents(top);
        var mcp = top.section("mcp");
        var servers = servers(mcp);
        mcp.done();
        var policies = policies(top);
        var approvals = top.section("approvals");
        var wait = approvals.duration("wait", HOLD_WAIT);
        var expire = approvals.duration("expire", HOLD_EXPIRY);
        approvals.done();
        var retention = ledger(top);
        var rates = rates(top.section("limits"));
        var telemetry = top.section("telemetry");
        var otlp = telemetry.parsed("otlp", "an address such as http://127.0.0.1:4318", ConfigFile::httpAddress);
        telemetry.done();
        var guard = GuardSection.read(top, this::path);
        top.notBuilt("llm", "the LLM gate");
        top.notBuilt("credentials", "the credential broker");
        top.notBuilt("egress", "the egress gate");
        top.notBuilt("budgets", "spending");
        top.done();
        if (!problems.isEmpty()) throw new ConfigProblem.Invalid(problems);
        return new Config(
                gates, people, agents, servers, policies, List.of(), wait, expire, retention, rates, otlp, guard);
    }

    private static Optional<String> httpAddress(String text) {
        return text.startsWith("http://") || text.startsWith("https://") ? Optional.of(text) : Optional.empty();
    }

    private static InetSocketAddress address(Section listen, String name, int port) {
        var loopback = InetSocketAddress.createUnresolved("127.0.0.1", port);
        var address = listen.parsed(name, "an address and a port such as 127.0.0.1:" + port, ConfigFile::address)
                .orElse(loopback);
        // Another address needs TLS, which the gates do not offer to others yet: refused rather than open.
        if (!Set.of("127.0.0.1", "localhost", "[::1]", "::1").contains(address.getHostString()))
            listen.problemAt(name, "only loopback addresses can be listened on: another one needs TLS, which is not built yet");
        return address;
    }

    private static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) return Optional.empty();
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return port < 0 || port > 65535
                    ? Optional.empty()
                    : Optional.of(InetSocketAddress.createUnresolved(text.substring(0, colon), port));
        } catch (NumberFormatException noPort) {
            return Optional.empty();
        }
    }

    private List<AgentEntry> agents(Section top) {
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
            if (start.isPresent() && token.isPresent())
                unreadable(token.get()).ifPresent(why -> entry.problemAt("token", "agent `" + id + "`: " + why));
            agents.add(new AgentEntry(id, user, groups, token));
            entry.done();
        }
        return agents;
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
        return entry.parsed(name, "`file:PATH` or `env:NAME`: values stand outside the configuration", text -> {
            if (text.startsWith("file:") && text.length() > 5)
                return path(text.substring(5)).map(Secret.InFile::new);
            if (text.startsWith("env:") && VARIABLE.matcher(text.substring(4)).matches())
                return Optional.of(new Secret.InEnvironment(text.substring(4)));
            return Optional.<Secret>empty();
        });
    }

    private Map<String, ServerEntry> servers(Section mcp) {
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
        return servers;
    }

    private Optional<ServerEntry> server(String name, Section all, Section entry) {
        entry.notBuilt("url", "a server over HTTP");
        entry.notBuilt("credential", "the credential broker");
        entry.notBuilt("shared", "one process for several sessions");
        entry.notBuilt("host", "a server on the host's own paths");
        entry.parsed("pin", "`approve` (`first-use` is not built yet)", it ->
                it.equals("approve") ? Optional.of(it) : Optional.empty());
        boolean trust = entry.parsed("trust", "`annotations`", it ->
                it.equals("annotations") ? Optional.of(true) : Optional.empty()).orElse(false);
        var command = entry.texts("command");
        if (command.isEmpty()) {
            all.problemAt(name, "server `" + name + "` needs a `command`: [program, argument, ...]");
            return Optional.empty();
        }
        var program = command.getFirst();
        if (INSTALLERS.contains(program.substring(program.lastIndexOf('/') + 1)))
            entry.problemAt(
                    "command",
                    "`" + program + "` installs from the network at every start, which sealed servers have not;"
                            + " install the package and name its program");
        var dir = entry.parsed("dir", "a path", this::path);
        var read = directories(entry);
        start.ifPresent(it -> places(name, entry, command, dir, read, it));
        var labels = contentLabels(entry);
        var timeout = entry.duration("timeout", CALL_TIMEOUT);
        if (timeout.compareTo(CALL_TIMEOUT_MAX) > 0) entry.problemAt("timeout", "`timeout` may be 1h at most");
        return Optional.of(new ServerEntry(
                name, command, dir, environment(entry), read, classes(entry), labels, trust, timeout));
    }

    /// What could never be shown, or is missing for those who are to be served, is said before anything starts.
    private static void places(
            String name, Section entry, List<String> command, Optional<Path> dir, List<Path> read, Start start) {
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
    private static void shown(String name, Section entry, String member, Path path, Start start) {
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

    /// `labels` is about all of a server's content, `content` about tools and fields: `tool` or `tool /pointer`.
    private static ContentLabels contentLabels(Section entry) {
        var base = entry.node("labels").isPresent() ? labels(entry, "labels") : Set.of("untrusted");
        var rules = new ArrayList<ContentLabels.Rule>();
        var content = entry.section("content");
        for (var key : List.copyOf(content.names())) {
            var parts = key.split(" ", 2);
            var field = parts.length > 1 ? parts[1] : "";
            var held = labels(content, key);
            if (field.isEmpty() || field.startsWith("/")) rules.add(new ContentLabels.Rule(parts[0], field, held));
            else
                content.problemAt(
                        key, "`" + key + "` must be a tool, or a tool and a JSON Pointer: `read_mail /structuredContent/sender`");
        }
        content.done();
        return new ContentLabels(base, rules);
    }

    private static Set<String> labels(Section section, String name) {
        var known = new HashSet<String>();
        for (var label : section.texts(name)) {
            if (ContentLabels.KNOWN.contains(label)) known.add(label);
            else
                section.problemAt(name, "`" + label + "` is no label; known: "
                        + String.join(", ", ContentLabels.KNOWN.stream().sorted().toList()));
        }
        return known;
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
            path(text).ifPresentOrElse(directories::add, () -> entry.problemAt("read", "`read` must be a list of paths"));
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

    /// The class of that name; `unconfirmed` is not one that a person gives.
    public static Optional<ToolClass> toolClass(String word) {
        for (var it : ToolClass.values())
            if (it != ToolClass.UNCONFIRMED && it.name().toLowerCase(Locale.ROOT).equals(word)) return Optional.of(it);
        return Optional.empty();
    }

    /// A time as configuration writes it: `45s`, `10m`, `1h`, `180d`.
    public static Optional<Duration> duration(String text) {
        return Section.duration(text);
    }

    private List<Path> policies(Section top) {
        var path = top.parsed("policy", "a path", this::path);
        if (path.isPresent() && !Files.exists(path.get()))
            top.problemAt("policy", "`policy`: there is no `" + path.get() + "`");
        return path.map(List::of).orElse(List.of());
    }

    private static Duration ledger(Section top) {
        var ledger = top.section("ledger");
        ledger.parsed("url", "`sqlite:ledger.db` (another store is not built yet)", it ->
                it.equals("sqlite:ledger.db") ? Optional.of(it) : Optional.empty());
        ledger.parsed("record", "`redacted`", it -> it.equals("redacted") ? Optional.of(it) : Optional.empty());
        if (!ledger.texts("anchors").isEmpty()) ledger.problemAt("anchors", "`ledger.anchors`: anchoring is not built yet");
        var retention = ledger.duration("retention", RETENTION);
        if (retention.compareTo(RETENTION_MIN) < 0)
            ledger.problemAt(
                    "retention", "`ledger.retention` must be 1h at least: content is read after it was written");
        ledger.done();
        return retention;
    }

    private static Map<String, Rate> rates(Section limits) {
        var rates = new HashMap<>(RATES);
        for (var dimension : RATES.keySet())
            limits.parsed(dimension, "a rate such as `200/s` or `600/m`", ConfigFile::rate)
                    .ifPresent(rate -> rates.put(dimension, rate));
        limits.done();
        return rates;
    }

    /// From where the file stands; empty for what no file system can name.
    private Optional<Path> path(String text) {
        try {
            return Optional.of(UserHome.resolve(directory, text));
        } catch (InvalidPathException unnameable) {
            return Optional.empty();
        }
    }

    private static final Pattern RATE = Pattern.compile("([0-9]{1,7})/(s|m|h)");

    private static Optional<Rate> rate(String text) {
        var form = RATE.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(1)) < 1) return Optional.empty();
        int count = Integer.parseInt(form.group(1));
        double seconds =
                switch (form.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    default -> 3600;
                };
        // A burst of twice a second's worth for rates by the second; else the whole count may come at once.
        int burst = seconds == 1 ? 2 * count : count;
        return Optional.of(new Rate(count / seconds, burst));
    }
}
