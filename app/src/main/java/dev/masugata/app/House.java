package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.EgressExit;
import dev.masugata.checkpoint.HouseExit;
import dev.masugata.checkpoint.Journal;
import dev.masugata.checkpoint.ModelExit;
import dev.masugata.checkpoint.Purse;
import dev.masugata.checkpoint.RateLimits;
import dev.masugata.checkpoint.RegistryExit;
import dev.masugata.checkpoint.Settings;
import dev.masugata.checkpoint.Slot;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.checkpoint.Web;
import dev.masugata.gates.egress.Clients;
import dev.masugata.gates.egress.EgressGate;
import dev.masugata.gates.egress.NamePool;
import dev.masugata.gates.egress.Openings;
import dev.masugata.gates.egress.PackageNames;
import dev.masugata.gates.egress.PackageShapes;
import dev.masugata.gates.llm.Callers;
import dev.masugata.gates.llm.LlmGate;
import dev.masugata.gates.llm.Prompts;
import dev.masugata.gates.mcp.McpGate;
import dev.masugata.gates.mcp.Upstreams;
import dev.masugata.inspect.Detection;
import dev.masugata.inspect.Detections;
import dev.masugata.inspect.InjectionModel;
import dev.masugata.inspect.Inspector;
import dev.masugata.inspect.Orders;
import dev.masugata.inspect.Pipeline;
import dev.masugata.inspect.Questions;
import dev.masugata.inspect.Rules;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.model.Circumstance;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Principal;
import dev.masugata.policy.HostRule;
import dev.masugata.policy.HostRules;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.policy.SharedHosts;
import dev.masugata.provenance.Provenance;
import dev.masugata.sandbox.Machine;
import dev.masugata.sandbox.Sandbox;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.Standing;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every object of a gate, made with `new`, on one screen: lower floors first.
final class House implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.house");

    final Home home;
    final Config config;
    final Principal.Operator owner;
    final SecureRandom random = new SecureRandom();
    final InstantSource clock = InstantSource.system();
    final Ledger ledger;
    final LivePolicy policy;
    final Provenance provenance;
    final Checkpoint checkpoint;
    final ToolPins pins;
    final Sessions sessions;
    final Tokens tokens;
    final Seals seals;
    final @Nullable Sandbox sandbox;
    private final Web web;
    final Upstreams upstreams;
    final LastErrors lastErrors = new LastErrors();
    final McpGate tokenGate;
    final Metrics metrics;
    private final HouseExit exit;
    final EgressExit egressExit;
    private final Pipeline pipeline;
    final ModelExit modelExit;
    final HostRules hosts;
    final HostOpenings openings;
    final Packages packages;
    private final PackageNames packageNames;
    final Purse purse;
    private final RegistryExit registries;
    private final ConfiguredServers servers;
    /// Where this gate listens on this machine: no request of an agent goes there.
    final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    final Authorizations authorizations;
    private final @Nullable Traces traces;
    private final @Nullable HomeGuard guard;
    private final Path installation;
    private @Nullable Machine machine;

    /// @param installation where Masugata itself lies
    /// @throws PolicyProblem.Invalid and nothing is left open, when the policy cannot be used
    House(Home home, Config config, Principal.Operator owner, Path installation)
            throws PolicyProblem.Invalid, Home.Unusable {
        this.home = home;
        this.config = config;
        this.owner = owner;
        this.installation = installation;
        this.guard = config.guard().isPresent() ? HomeGuard.of(home, config.guard().get()) : null;
        this.ledger = Ledger.open(LedgerOptions.at(home.directory()));
        try {
            this.policy = new LivePolicy(config, ledger);
            policy.load(owner);
            var journal = new Journal(ledger, clock);
            this.packageNames = new PackageNames(shapes(), clock);
            this.seals = new Seals(sandbox = sandbox(home, installation));
            var settings = new Settings(
                    guard == null ? Settings.DEFAULT.judging() : Settings.DEFAULT.judging().plus(guard.time()),
                    Settings.DEFAULT.permitLife(),
                    config.holdExpiry(),
                    Settings.DEFAULT.holdsOpenMax(),
                    Settings.DEFAULT.payloadBytesMax());
            this.provenance = new Provenance(session -> ledger.standing().facts(session).labels());
            this.checkpoint = new Checkpoint(
                    journal,
                    policy,
                    inspectors(this.pipeline = new Pipeline(
                            List.of(new Rules(Detections.all()), new Orders(new InjectionModel(HomeModel.of(home)))),
                            fingerprintKey())),
                    provenance,
                    new RateLimits(config.rates(), System::nanoTime),
                    new WorkspaceFiles(config, seals, home),
                    purse = new Purse(config.prices(), config.models(), config.budgets()),
                    settings,
                    clock);
            this.pins = new ToolPins(journal, checkpoint, new KnownServers(config), this::pinned);
            this.sessions = new Sessions(ledger, random);
            this.exit = new HouseExit(checkpoint, sessions.house(owner));
            this.tokens = Tokens.of(config, ledger, exit, clock);
            this.authorizations = new Authorizations(config, exit, home, clock, random);
            this.web = new Web();
            this.openings = new HostOpenings(config, ledger, clock);
            this.registries = new RegistryExit(checkpoint, sessions.house(owner), authorities());
            packageNames.by(url -> registries.ask(
                    url, openings.credential(url, "GET").map(Openings.Lent::slot).orElse(Slot.NONE),
                    PackageNames.ANSWER_BYTES_MAX));
            this.packages = new Packages(
                    home, config, seals, sessions, registries, openings, owner, random, clock);
            this.hosts = new HostRules(config.hosts(), config.managed().forbid(), SharedHosts.shipped());
            this.egressExit = new EgressExit(checkpoint, authorities(), () -> ownPorts);
            var families = Detections.all().stream().map(Detection::family).collect(Collectors.toSet());
            this.modelExit = new ModelExit(checkpoint, pipeline, families, authorities(), () -> ownPorts);
            var network = new ServerNetwork(seals, this::egressOfServer, random, clock);
            var servers = new ConfiguredServers(
                    home, config, seals, lastErrors, web, pins, authorizations, packages, network, ledger);
            this.servers = servers;
            this.upstreams = new Upstreams(checkpoint, servers);
            this.tokenGate = new McpGate(
                    checkpoint, pins, new TokenCallers(tokens, sessions), upstreams, config.holdWait(), random);
            this.metrics = new Metrics(ledger);
            this.traces = config.otlp().isEmpty() ? null : new Traces(ledger, exit, config.otlp().get());
        } catch (IOException failed) {
            closeUnused();
            throw new Home.Unusable("the way out for our own calls cannot be made: " + failed.getMessage());
        } catch (PolicyProblem.Invalid | Home.Unusable | RuntimeException unusable) {
            closeUnused();
            throw unusable;
        }
    }

    /// The registries that configuration names, whose packages are looked at as those of the catalog's are.
    private List<PackageShapes> shapes() {
        var all = new ArrayList<PackageShapes>();
        config.registries().npm().ifPresent(it -> all.add(shape("npm", it, slashed(it) + "{name}")));
        // PEP 503 has no dates; the JSON of the well-known index lies beside it.
        config.registries().python().ifPresent(it -> all.add(
                shape("python", it, slashed(it).replaceFirst("simple/$", "") + "pypi/{name}/json")));
        return all;
    }

    private PackageShapes shape(String kind, String registry, String lookup) {
        var files = new ArrayList<String>();
        HttpUrl.of(slashed(registry)).map(HttpUrl::origin).ifPresent(files::add);
        for (var one : config.registries().files()) HttpUrl.of(one).map(HttpUrl::origin).ifPresent(files::add);
        return new PackageShapes(kind, files, lookup);
    }

    private static String slashed(String url) {
        return url.endsWith("/") ? url : url + "/";
    }

    private Optional<byte[]> authorities() throws IOException {
        return config.authorities().isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readAllBytes(config.authorities().get()));
    }

    /// The proxy for one kind of clients.
    ///
    /// @param names that its clients were given addresses for
    EgressGate egress(Clients clients, EgressGate.Denials denials, NamePool names) {
        return new EgressGate(
                checkpoint, egressExit, hosts, clients, openings, config.holdWait(), denials, names, packageNames);
    }

    /// The way to models for one kind of callers.
    LlmGate models(Callers callers) {
        LlmGate.Fetches fetches = (session, fetch) -> new Circumstance(
                "provider", hosts.toolClass(fetch), "", false, Circumstance.Lent.NONE,
                hosts.opened(fetch.url(), fetch.method(), openings.granted(session)));
        return new LlmGate(
                checkpoint, modelExit, ModelProviders.of(config), callers, new Prompts(purse::rate), fetches,
                config.holdWait());
    }

    /// The proxy for a server's program: what is opened for agents, by configuration or since, is not opened for it.
    private EgressGate egressOfServer(
            List<HostRule> rules, Clients clients, EgressGate.Denials denials, NamePool names) {
        var own = new HostRules(rules, config.managed().forbid(), SharedHosts.shipped());
        return new EgressGate(
                checkpoint, egressExit, own, clients, openings.ungranted(), config.holdWait(), denials, names,
                packageNames);
    }

    /// A tool was pinned as it was first seen. Where policy cannot be compiled with it, it stays as it was: the tool's
    /// arguments are then unread, which is stricter.
    private void pinned() {
        try {
            policy.load(owner);
        } catch (PolicyProblem.Invalid invalid) {
            LOG.log(Level.ERROR, "policy cannot be compiled for a tool that was pinned", invalid);
        }
    }

    private void closeUnused() {
        ledger.close();
        if (guard != null) guard.close();
    }

    private List<Inspector> inspectors(Pipeline own) {
        return guard == null
                ? List.of(own, new Questions(), packageNames)
                : List.of(own, new Questions(), packageNames, guard.inspector(fingerprintKey()));
    }

    /// Fingerprints of findings are compared within one life of the gate.
    private byte[] fingerprintKey() {
        var key = new byte[32];
        random.nextBytes(key);
        return key;
    }

    private static @Nullable Sandbox sandbox(Home home, Path installation) {
        if (Standing.here() == Standing.NONE) {
            LOG.log(Level.WARNING,
                    "processes cannot be sealed here: masugata doctor says why; servers and runs are refused");
            return null;
        }
        try {
            return Sandbox.at(home.directory(), installation);
        } catch (SealException unsealed) {
            LOG.log(Level.WARNING, "processes cannot be sealed here: " + unsealed.getMessage());
            return null;
        }
    }

    /// What this machine's walls are; looked at once, when it is first asked.
    synchronized Machine machine() {
        var known = machine;
        return known != null ? known : (machine = Machine.probe(home.directory(), installation));
    }

    /// Stops a session: it acts first, and is recorded after.
    void stop(String session, Principal by) {
        checkpoint.stop(session);
        tokenGate.stop(session);
        egressExit.stop(session);
        modelExit.stop(session);
        seals.stop(session);
        upstreams.close(session);
        ledger.append(dev.masugata.ledger.Sessions.stopped(by, session));
    }

    /// Ends what is under way; the ledger last, so that all of it is on record.
    @Override
    public void close() {
        upstreams.close();
        servers.close();
        egressExit.close();
        modelExit.close();
        registries.close();
        web.close();
        seals.close();
        if (traces != null) traces.close();
        exit.close();
        metrics.close();
        if (guard != null) guard.close();
        ledger.close();
    }
}
