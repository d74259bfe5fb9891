package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.app.config.ManagedFile;
import dev.masugata.app.control.ControlServer;
import dev.masugata.checkpoint.Screening;
import dev.masugata.gates.egress.NamePool;
import dev.masugata.gates.llm.GuardGate;
import dev.masugata.gates.llm.LlmGate;
import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.net.Handler;
import dev.masugata.net.Request;
import dev.masugata.net.Response;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The one gate of a home while it runs: `serve` with its listeners, or the resident one without.
public final class GateProcess {
    private static final System.Logger LOG = System.getLogger("masugata.gate");
    /// A resident gate ends so long after its last session.
    static final Duration LINGER = Duration.ofMinutes(10);
    /// Requests under way at a stop may still take so long.
    static final Duration DRAIN = Duration.ofSeconds(5);

    private final Home home;
    private final Config config;
    private final boolean listens;
    private final CountDownLatch down = new CountDownLatch(1);

    private GateProcess(Home home, Config config, boolean listens) {
        this.home = home;
        this.config = config;
        this.listens = listens;
    }

    /// The gate could not start, or not go on; the message is for the operator.
    public static final class Failed extends Exception {
        Failed(String message) {
            super(message);
        }
    }

    /// Runs until stopped.
    ///
    /// @param named  `--config`; else the home's own file, if there is one
    /// @param listens with listeners for agents from outside
    public static void run(Home home, Optional<Path> named, boolean listens) throws Failed {
        try {
            home.make();
            var file = named.or(() -> Files.exists(home.config()) ? Optional.of(home.config()) : Optional.empty());
            var hidden = List.of(home.directory(), Path.of(ResidentGate.installation()));
            var start = new ConfigFile.Start(hidden, listens);
            var config = file.isPresent() ? ConfigFile.read(file.get(), start) : ConfigFile.defaults();
            if (listens) makeDirectories(config);
            new GateProcess(home, config.under(ManagedFile.read()), listens).run();
        } catch (ConfigProblem.Invalid | PolicyProblem.Invalid | Home.Unusable unusable) {
            throw new Failed(String.valueOf(unusable.getMessage()));
        } catch (IOException | dev.masugata.ledger.LedgerUnavailable failed) {
            throw new Failed(String.valueOf(failed.getMessage()));
        }
    }

    private static void makeDirectories(Config config) throws Failed {
        for (var server : config.servers().values())
            if (server.dir().isPresent()) makeDirectory(server.name(), server.dir().get());
    }

    /// A directory that is not there yet is made, for its owner alone; its parent must be there.
    private static void makeDirectory(String server, Path directory) throws Failed {
        if (Files.isDirectory(directory)) return;
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            LOG.log(Level.INFO, "made `" + directory + "` for server " + server);
        } catch (IOException failed) {
            throw new Failed("`mcp.servers." + server + ".dir`: there is no directory `" + directory
                    + "`, and it cannot be made");
        }
    }

    private void run() throws Failed, PolicyProblem.Invalid, Home.Unusable, IOException {
        try (var lock = home.lock();
                var house = new House(home, config, owner(), Path.of(ResidentGate.installation()))) {
            var reviews = new Reviews(house);
            var runs = new Runs(house, reviews);
            var servers = new ArrayList<Server>();
            try (var control = new ControlServer(
                    home.socket(), house.owner.name(),
                            new GateCommands(house, runs, reviews, listens, down::countDown))) {
                if (listens) servers.addAll(listen(house));
                record(house, "started");
                awaitEnd(house);
                record(house, "stopped");
                servers.forEach(server -> server.drain(DRAIN));
            } finally {
                servers.forEach(Server::close);
            }
        } finally {
            ended.countDown();
        }
    }

    private static void record(House house, String change) {
        house.ledger.append(new Event.Changed(
                "", new Principal.House().id(), Event.Subject.GATE, "gate", change,
                Json.object("pid", Json.of(ProcessHandle.current().pid())), Json.NULL));
    }

    /// The user whose gate this is. Inside a user namespace of its own the launcher has said the name before.
    private static Principal.Operator owner() {
        var outside = System.getenv("MASUGATA_USER");
        return new Principal.Operator(outside != null && !outside.isBlank() ? outside
                : System.getProperty("user.name"));
    }

    private void awaitEnd(House house) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            down.countDown();
            // The hook must outlast the orderly end, or the process is gone in the middle of it.
            try {
                ended.await(DRAIN.toSeconds() + 5, TimeUnit.SECONDS);
            } catch (InterruptedException now) {
                Thread.currentThread().interrupt();
            }
        }));
        var minutes = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("upkeep").factory());
        try {
            minutes.scheduleWithFixedDelay(() -> upkeep(house), 1, 1, TimeUnit.HOURS);
            if (!listens) minutes.scheduleWithFixedDelay(() -> endIfIdle(house), 1, 1, TimeUnit.SECONDS);
            down.await();
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        } finally {
            minutes.shutdownNow();
        }
    }

    private final CountDownLatch ended = new CountDownLatch(1);
    private long idleSince = System.nanoTime();

    private void endIfIdle(House house) {
        if (house.sessions.anySealed()) idleSince = System.nanoTime();
        if (System.nanoTime() - idleSince > LINGER.toNanos()) down.countDown();
    }

    private void upkeep(House house) {
        try {
            house.ledger.retain(new Principal.House(), config.retention());
        } catch (RuntimeException failed) {
            LOG.log(Level.WARNING, "retention could not be kept: " + failed.getMessage(), failed);
        }
    }

    private List<Server> listen(House house) throws Failed, Home.Unusable {
        var started = new ArrayList<Server>();
        try {
            started.add(Server.start(options(config.gates()), Door.outside(house.checkpoint, gates(house))));
            started.add(Server.start(options(config.people()), Door.outside(house.checkpoint, people(house))));
            var authority = Authority.of(home, house.random, house.clock);
            var clients = new TokenClients(house.tokens, house.sessions);
            started.add(Server.start(
                    options(config.proxy()).asProxy(authority),
                    house.egress(clients, (_, _, _) -> {}, new NamePool())));
            started.forEach(it -> house.ownPorts.add(it.port()));
            LOG.log(Level.INFO, "agents: http://" + shown(config.gates(), started.get(0)) + "/mcp   people: http://"
                    + shown(config.people(), started.get(1)) + "/metrics   proxy: http://"
                    + shown(config.proxy(), started.get(2)));
            return started;
        } catch (IOException taken) {
            started.forEach(Server::close);
            throw new Failed("cannot listen on " + config.gates() + ", " + config.proxy() + " and " + config.people()
                    + ": " + taken.getMessage());
        }
    }

    private static String shown(InetSocketAddress configured, Server server) {
        return configured.getHostString() + ":" + server.port();
    }

    private static ServerOptions options(InetSocketAddress address) {
        return ServerOptions.loopback(address.getPort());
    }

    private static Handler gates(House house) {
        var metadata = new ResourceMetadata(house.tokens);
        var callers = new TokenModelCallers(house.tokens, house.sessions);
        var models = house.models(callers);
        var guard = new GuardGate(new Screening(house.checkpoint), callers);
        return request -> {
            if (request.path().equals("/healthz")) return health(request, house);
            if (metadata.isFor(request)) return metadata.answer(request);
            if (request.path().equals("/mcp") || request.path()
                    .startsWith("/mcp/")) return house.tokenGate.handle(request);
            if (LlmGate.isFor(request)) return models.handle(request);
            if (GuardGate.isFor(request)) return guard.handle(request);
            return Response.text(404, "there is nothing here\n");
        };
    }

    private static Handler people(House house) {
        return request -> {
            if (request.path().equals("/healthz")) return health(request, house);
            if (request.path().equals("/metrics"))
                return Response.of(200, "text/plain; version=0.0.4", house.metrics.text()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return Response.text(404, "there is nothing here\n");
        };
    }

    private static Response health(Request request, House house) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) return Response.text(405, "GET it\n");
        return house.ledger.isWritable() ? Response.text(200, "ok\n")
                : Response.text(503, "closed: the ledger cannot write\n");
    }
}
