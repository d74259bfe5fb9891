package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.app.watch.OwnServer;
import dev.masugata.app.watch.OwnTools;
import dev.masugata.checkpoint.Pipes;
import dev.masugata.checkpoint.Slot;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.checkpoint.Web;
import dev.masugata.credentials.Lending;
import dev.masugata.gates.mcp.Servers;
import dev.masugata.ledger.Ledger;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.ToolClass;
import dev.masugata.sandbox.Bind;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.SealSpec;
import dev.masugata.sandbox.SealedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The configured servers: a program is sealed by itself, with its own environment, no home, of the network what
/// configuration opens for it, and of the files what its session has; an address is reached with its credential in its
/// slot.
final class ConfiguredServers implements Servers {
    private static final System.Logger LOG = System.getLogger("masugata.server");
    /// Characters of one line that a server writes as an error, kept for the operator; and lines of one process.
    static final int ERROR_CHARS_MAX = 2_000;

    static final int ERROR_LINES_MAX = 1_000;

    private final Home home;
    private final Config config;
    private final Seals seals;
    private final LastErrors lastErrors;
    private final Web web;
    private final ToolPins pins;
    private final ServerProgram programs = new ServerProgram();
    private final Authorizations authorizations;
    private final Packages packages;
    private final ServerNetwork network;
    private final SharedServers shared;

    ConfiguredServers(
            Home home, Config config, Seals seals, LastErrors lastErrors, Web web, ToolPins pins,
            Authorizations authorizations,
            Packages packages, ServerNetwork network, Ledger ledger) {
        this.shared = new SharedServers(ledger, this::launch);
        this.home = home;
        this.packages = packages;
        this.network = network;
        this.pins = pins;
        this.web = web;
        this.authorizations = authorizations;
        this.lastErrors = lastErrors;
        this.config = config;
        this.seals = seals;
    }

    @Override
    public List<String> names(Session session) {
        var names = new ArrayList<>(config.servers().keySet());
        if (!rights(session).isEmpty()) names.add(OwnServer.NAME);
        return List.copyOf(names);
    }

    @Override
    public Server server(Session session, String name) {
        if (name.equals(OwnServer.NAME)) return own(session);
        var entry = config.servers().get(name);
        if (entry == null) throw new IllegalArgumentException("there is no server `" + name + "`");
        var choice = entry.lending().to(session.agent().groups());
        var way = switch (choice) {
            case Lending.Choice.Lent lent -> way(session, entry, lent);
            case Lending.Choice.Unclear(var why) ->
                new Way.Barred(new Reason("credentials/unclear", "server " + name + " is not for this caller: " + why));
        };
        return new Server(
                name, labels(entry), reviewable(session, entry), entry.timeout(), firstUse(entry), lent(choice), way);
    }

    /// Ours: what it shows is what others said, so it is untrusted like they are; its definitions are this program's.
    private Server own(Session session) {
        var server = new OwnServer(new OwnTools(home, session, rights(session)).all());
        return new Server(
                OwnServer.NAME, () -> ContentLabels.UNTRUSTED, false, OWN_TIMEOUT,
                Optional.of((_, _) -> ToolClass.READ), Circumstance.Lent.NONE, new Way.Stdio(server::start));
    }

    private Set<String> rights(Session session) {
        var rights = new HashSet<String>();
        for (var group : session.agent().groups()) rights.addAll(config.rights().getOrDefault(group, Set.of()));
        return rights;
    }

    private static final Duration OWN_TIMEOUT = Duration.ofSeconds(30);

    static Optional<ToolPins.FirstUse> firstUse(ServerEntry entry) {
        return entry.firstUse() ? Optional.of((tool, definition) -> ToolClasses.of(entry, tool, definition))
                : Optional.empty();
    }

    /// What of it goes on record: names.
    private static Circumstance.Lent lent(Lending.Choice choice) {
        return switch (choice) {
            case Lending.Choice.Lent(var credential, var groups) -> credential
                    .map(it -> new Circumstance.Lent(it.name(), String.join(",", new TreeSet<>(groups))))
                    .orElse(Circumstance.Lent.NONE);
            case Lending.Choice.Unclear _ -> Circumstance.Lent.NONE;
        };
    }

    private Way way(Session session, ServerEntry entry, Lending.Choice.Lent lent) {
        if (entry.shared()) return new Way.Stdio(() -> shared.join(session, entry));
        if (entry.url().isEmpty()) return new Way.Stdio(() -> launch(session, entry));
        // The session is one agent's for one user: nobody else's requests go over its connections.
        var pool = session.id() + " " + entry.name();
        var slot = lent.credential().map(it -> authorizations.slot(it, entry.url().get())).orElse(Slot.NONE);
        return new Way.Http(web.server(entry.url().get(), pool, slot));
    }

    /// All it can write is the session's copy, unless configuration gives it a real directory.
    private boolean reviewable(Session session, ServerEntry entry) {
        if (entry.url().isPresent()) return false;
        return !entry.host() && seals.workspace(session).isPresent() || entry.dir().isEmpty();
    }

    /// What its content is; of one that several sessions share, also what any of them wrote to it.
    private Supplier<ContentLabels> labels(ServerEntry entry) {
        return entry.shared() ? () -> entry.labels().and(shared.labels(entry)) : entry::labels;
    }

    /// Ends the processes that no session has for itself.
    void close() {
        shared.close();
    }

    private Pipes launch(Session session, ServerEntry entry) throws IOException {
        var installed = packages.of(entry);
        approved(session, entry, installed);
        try {
            var spec = spec(session, entry, installed);
            var process = entry.allow().isEmpty()
                    ? seals.of(session).start(spec)
                    : network.start(session, entry, spec);
            var reader = Thread.ofVirtual().name("errors of " + entry.name())
                    .unstarted(() -> errors(session.id(), entry.name(), process));
            lastErrors.begin(session.id(), entry.name(), reader);
            reader.start();
            return new Pipes(process.stdin(), process.stdout(), process::kill);
        } catch (SealException unsealed) {
            throw new IOException(unsealed.getMessage(), unsealed);
        }
    }

    /// What is run is what was approved, or nothing of it was yet. Nothing inside of a seal can write it; who may write
    /// it outside may do so after this look, too.
    private void approved(Session session, ServerEntry entry, Optional<Packages.Installed> installed)
            throws IOException {
        var program = installed.isPresent() ? Optional.of(programs.of(installed.get())) : programs.of(entry);
        if (program.isEmpty()) return;
        var it = program.get();
        if (!pins.mayStart(session, entry.name(), it.digest(), it.about(), entry.firstUse()))
            throw new IOException("its program is not the one that was approved; an operator can look,"
                    + " `masugata tools diff " + entry.name() + "/" + ToolPins.PROGRAM
                            + "`, and take it: masugata tools approve " + entry.name());
    }

    private SealSpec spec(Session session, ServerEntry entry, Optional<Packages.Installed> installed)
            throws IOException {
        var workspace = entry.host() ? Optional.<Path>empty() : seals.workspace(session);
        SealSpec.Files files;
        Path place;
        if (!entry.usesWorkspace() && entry.dir().isEmpty()) {
            files = new SealSpec.Files.Nothing();
            place = Path.of("/nonexistent");
        } else if (workspace.isPresent()) {
            files = new SealSpec.Files.Workspace();
            place = workspace.get();
        } else {
            place = entry.dir()
                    .orElseThrow(() -> new IOException("`{workspace}` outside of a run needs `mcp.servers."
                            + entry.name() + ".dir`"));
            files = new SealSpec.Files.Directory(place);
        }
        var at = place.toString();
        var environment = environment(entry);
        var binds = new ArrayList<>(entry.read().stream().map(Bind::read).toList());
        var command = new ArrayList<>(entry.command());
        if (installed.isPresent()) {
            binds.add(installed.get().bind());
            installed.get().environment().forEach(environment::putIfAbsent);
            command.clear();
            command.addAll(installed.get().command());
            command.addAll(installed.get().of().arguments());
        }
        return SealSpec.server(
                        command.stream().map(it -> it.replace("{workspace}", at)).toList(), environment, files)
                .with(binds);
    }

    /// Its own names only; a value `env:NAME` is taken from the gate's environment, so that configuration holds none.
    private static Map<String, String> environment(ServerEntry entry) throws IOException {
        var environment = new LinkedHashMap<String, String>();
        for (var variable : entry.env().entrySet()) {
            var value = variable.getValue();
            if (value.startsWith("env:")) {
                value = System.getenv(value.substring(4));
                if (value == null)
                    throw new IOException("server `" + entry.name() + "`: the variable `" + variable.getValue()
                            .substring(4) + "` is not set");
            }
            environment.put(variable.getKey(), value);
        }
        return environment;
    }

    /// What it complains about is for the operator, cut to a line, and never for the agent.
    private void errors(String session, String server, SealedProcess process) {
        try (var text = new BufferedReader(new InputStreamReader(process.stderr(), StandardCharsets.UTF_8))) {
            int count = 0;
            for (var line = line(text); line.isPresent(); line = line(text))
                if (count++ < ERROR_LINES_MAX) {
                    LOG.log(Level.INFO, server + ": " + line.get());
                    lastErrors.wrote(session, server, Thread.currentThread(), line.get());
                }
        } catch (IOException ended) {
            LOG.log(Level.DEBUG, server + " is no longer read", ended);
        }
    }

    /// The next line, of which no more is kept than its limit; empty at the end.
    private static Optional<String> line(BufferedReader text) throws IOException {
        var line = new StringBuilder();
        int c = text.read();
        if (c < 0) return Optional.empty();
        for (; c >= 0 && c != '\n'; c = text.read()) if (line.length() < ERROR_CHARS_MAX) line.append((char) c);
        return Optional.of(line.toString().stripTrailing());
    }
}
