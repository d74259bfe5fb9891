package dev.masugata.app;

import dev.masugata.app.config.UserHome;
import dev.masugata.app.control.Link;
import dev.masugata.gates.egress.Clients;
import dev.masugata.gates.egress.NamePool;
import dev.masugata.gates.llm.LlmGate;
import dev.masugata.gates.mcp.Callers;
import dev.masugata.gates.mcp.McpGate;
import dev.masugata.model.Money;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Source;
import dev.masugata.net.Handler;
import dev.masugata.net.Listener;
import dev.masugata.net.Response;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.policy.HostRule;
import dev.masugata.sandbox.Bind;
import dev.masugata.sandbox.MountCheck;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.SealSpec;
import dev.masugata.sandbox.SealedProcess;
import dev.masugata.sandbox.Terminal;
import dev.masugata.sandbox.WorkspaceCheck;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Sealed runs: from the request on `control.sock` to the review of what they changed.
final class Runs {
    private static final System.Logger LOG = System.getLogger("masugata.run");
    /// The port of the gate inside a session; `masugata.internal` is its name.
    static final int PORT = 80;
    /// ... and that of its proxy.
    static final int PROXY = 7172;
    private final House house;
    private final Reviews reviews;

    Runs(House house, Reviews reviews) {
        this.house = house;
        this.reviews = reviews;
    }

    // --- run --------------------------------------------------------------------------------------------------

    Json.Obj run(Principal.Operator operator, Json.Obj request, Link link) throws Refused, IOException {
        long began = System.nanoTime();
        var wanted = Wanted.of(request, operator, house);
        var session = house.sessions.begin(
                operator, wanted.agent(), wanted.purpose(), Session.Kind.SEALED, started(wanted));
        wanted.budget().ifPresent(it -> house.purse.limit(session.id(), it));
        for (var rule : wanted.hosts()) house.ledger.append(house.openings.opens(operator, session.id(), rule));
        final Json.Obj done;
        try {
            done = sealed(session, wanted, request, link, began);
        } catch (SealException unsealed) {
            throw new Refused(125, String.valueOf(unsealed.getMessage()));
        } finally {
            house.upstreams.close(session.id());
            house.seals.stop(session.id());
            house.sessions.end(session);
            house.provenance.end(session.id());
            house.purse.end(session.id());
            reviews.forgetIfUnchanged(session.id());
        }
        return done.with("checkpoint", checkpoint());
    }

    /// What is kept of a run beside its name.
    private static Json.Obj started(Wanted wanted) {
        var facts = Json.object("workspace", wanted.workspace().toString());
        return wanted.budget().map(it -> facts.with("budget", it.toString())).orElse(facts);
    }

    private Json.Obj sealed(Session session, Wanted wanted, Json.Obj request, Link link, long began)
            throws SealException, IOException {
        var trust = Trust.ofRun(house.random, house.clock);
        var seal = house.seals.open(session, Optional.of(wanted.workspace()), List.of(PORT, PROXY), trust.files());
        var gate = new McpGate(
                house.checkpoint, house.pins, inside(session), house.upstreams, house.config.holdWait(), house.random);
        var door = new Door(house.checkpoint, session.id(), session.agent().id(),
                routes(gate, house.models(modelsInside(session))));
        var listener = new Listener.Adopted(seal.listeners().getFirst().take());
        var proxying = new Listener.Adopted(seal.listeners().getLast().take());
        var output = new AlternateScreen();
        var names = new NamePool();
        var proxy = house.egress(inside(session, "sealed"), new SaidDenials(link, output)::denied, names);
        try (var server = Server.start(ServerOptions.on(listener, "masugata.internal"), door);
                var network = Server.start(ServerOptions.on(proxying).asProxy(trust.authority()), proxy);
                var captured = Captured.of(seal, trust.authority(), proxy, names)) {
            link.message(Json.object("session", session.id()).with("banner", ""));
            var process = seal.start(spec(session, wanted, request));
            var millis = (System.nanoTime() - began) / 1_000_000;
            link.message(Json.object("banner", new Banner(house).text(session, wanted, millis))
                    .with("warnings", Json.strings(Banner.warnings(wanted, seal.uncaptured()))));
            int exit = attend(process, session, wanted, link, output);
            return Json.object("exit", Json.of(exit)).with("session", session.id())
                    .with("changes", reviews.lines(session.id()));
        }
    }

    /// Inside, being there is the right; nothing that a request says is asked.
    private static Callers inside(Session session) {
        return _ -> Optional.of(new Callers.Caller(session, "sealed"));
    }

    private static Clients inside(Session session, String address) {
        var client = Optional.of(new Clients.Client(session, address));
        return (_, _, _) -> client;
    }

    private static dev.masugata.gates.llm.Callers modelsInside(Session session) {
        return _ -> Optional.of(new dev.masugata.gates.llm.Callers.Caller(session, "sealed"));
    }

    /// `/mcp`, `/llm` and nothing else: no command of people is reachable from a session by any name.
    private static Handler routes(McpGate gate, LlmGate models) {
        return request -> {
            if (request.path().equals("/mcp") || request.path().startsWith("/mcp/")) return gate.handle(request);
            if (LlmGate.isFor(request)) return models.handle(request);
            return Response.text(404, "there is nothing here\n");
        };
    }

    private SealSpec spec(Session session, Wanted wanted, Json.Obj request) {
        var environment = new LinkedHashMap<>(wanted.environment());
        environment.put("MASUGATA_SESSION", session.id());
        environment.put("MASUGATA_MCP_URL", "http://masugata.internal/mcp");
        ModelProviders.environment(house.config).forEach(environment::putIfAbsent);
        Trust.environment("http://masugata.internal:" + PROXY).forEach(environment::putIfAbsent);
        for (var name : List.of("TERM", "LANG", "COLORTERM"))
            request.string("inherit-" + name).ifPresent(value -> environment.putIfAbsent(name, value));
        var spec = SealSpec.agent(wanted.command(), environment).with(wanted.binds());
        return wanted.terminal().map(spec::on).orElse(spec);
    }

    /// Carries bytes both ways until the command has ended, or its caller has gone: then it is ended.
    private int attend(SealedProcess process, Session session, Wanted wanted, Link link, AlternateScreen screen)
            throws IOException {
        // What is typed at the gate's own terminal is the user's word; what is piped in may be anybody's.
        var channel = session.agent().user() + " at the terminal";
        var lines = new TypedLines(line -> house.provenance.said(session, Source.Integrity.USER, channel, line));
        Consumer<byte[]> typed = wanted.terminal().isPresent() ? lines::typed : _ -> {};
        // It ends when the link does; an interrupt would close the link with the answer still to be sent.
        Thread.ofPlatform().daemon().name("input").start(() -> input(process, link, typed));
        var out = Thread.ofPlatform().daemon().name("output").start(() -> copy(process.stdout(), bytes -> {
            screen.shown(bytes);
            link.output(bytes);
        }, process));
        var err = Thread.ofPlatform().daemon().name("errors")
                .start(() -> copy(process.stderr(), bytes -> link.error(bytes), process));
        try {
            if (wanted.seconds() > 0 && !ended(process, wanted.seconds())) {
                process.kill();
                link.error(("masugata: ended after " + wanted.seconds() + " s, as --timeout says\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            int exit = process.waitFor();
            out.join();
            err.join();
            return exit;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            process.kill();
            return 130;
        }
    }

    private static boolean ended(SealedProcess process, long seconds) throws InterruptedException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException late) {
            return false;
        } catch (java.util.concurrent.ExecutionException lost) {
            return true;
        }
    }

    private interface Sink {
        void take(byte[] bytes) throws IOException;
    }

    private static void copy(InputStream from, Sink to, SealedProcess process) {
        var buffer = new byte[64 * 1024];
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer))
                if (count > 0) to.take(java.util.Arrays.copyOf(buffer, count));
        } catch (IOException gone) {
            // Nobody listens any more: a run without its terminal has no owner, so it ends.
            LOG.log(Level.DEBUG, "a run is no longer listened to", gone);
            process.kill();
        }
    }

    private static void input(SealedProcess process, Link link, Consumer<byte[]> typed) {
        try {
            for (var got = link.receive(); got.isPresent(); got = link.receive())
                switch (got.get()) {
                    case Link.Received.Input(var bytes) -> {
                        if (bytes.length == 0) process.stdin().close();
                        else {
                            // Known before the agent can act on it.
                            typed.accept(bytes);
                            process.stdin().write(bytes);
                            process.stdin().flush();
                        }
                    }
                    case Link.Received.Message(var message) -> resize(process, message);
                    case Link.Received.Output _, Link.Received.Error _, Link.Received.End _ -> {}
                }
            process.kill();
        } catch (IOException | SealException | dev.masugata.wire.JsonException gone) {
            LOG.log(Level.DEBUG, "a run's input ended", gone);
            if (process.isAlive() && gone instanceof java.nio.channels.ClosedChannelException) process.kill();
        }
    }

    private static void resize(SealedProcess process, Json.Obj message) throws SealException {
        var rows = message.integer("rows");
        var columns = message.integer("columns");
        if (rows.isPresent() && columns.isPresent())
            process.resize(new Terminal(clamp(rows.get()), clamp(columns.get())));
    }

    static int clamp(long cells) {
        return (int) Math.max(1, Math.min(Terminal.MOST, cells));
    }

    // --- the bound --------------------------------------------------------------------------------------------

    /// What a run could reach at worst, said before anything is started.
    Json.Obj bound(Json.Obj request) throws Refused {
        var reach = new Reach(house);
        var bound = bound(reach, request);
        var agent = request.string("of");
        var session = request.string("session");
        if (agent.isPresent()) return reach
                .answer(bound.outside(reach.outside(agent.get())), agent.get(), reach.usedBy(agent.get()));
        if (session.isPresent()) return reach.answer(bound, session.get(), reach.used(session.get()));
        return bound.json().with("text", bound.text());
    }

    /// Whoever only asks is told what can be said although nothing could run here.
    private Reach.Bound bound(Reach reach, Json.Obj request) throws Refused {
        try {
            return reach.of(Wanted.of(request, house.owner, house));
        } catch (Refused refused) {
            if (refused.code != 125 || !request.isTrue("partly")) throw refused;
            return reach.without(String.valueOf(refused.getMessage()));
        }
    }

    String checkpoint() {
        return house.ledger.checkpoint();
    }

    // --- what is wanted ---------------------------------------------------------------------------------------

    /// A run as it was asked for, checked.
    record Wanted(
            Principal.Agent agent, String purpose, List<String> command, Path workspace, Map<String,
                    String> environment,
            List<Bind> binds, Optional<Terminal> terminal, long seconds, List<HostRule> hosts,
            Optional<Money> budget) {

        static Wanted of(Json.Obj request, Principal.Operator operator, House house) throws Refused {
            try {
                var agent = house.config.users().bound(
                        AgentOrders.own(request.string("agent").orElse("local"), operator));
                var environment = new LinkedHashMap<String, String>();
                request.object("environment").members().forEach((name, value) -> {
                    if (value instanceof Json.Str(var text, _)) environment.put(name, text);
                });
                var rows = request.integer("rows");
                var columns = request.integer("columns");
                var terminal = rows.isPresent() && columns.isPresent()
                        ? Optional.of(new Terminal(clamp(rows.get()), clamp(columns.get())))
                        : Optional.<Terminal>empty();
                return new Wanted(
                        agent, request.string("purpose").orElse(""), texts(request, "command"),
                                workspace(request, house), environment,
                        binds(request, house), terminal, request.integer("seconds").orElse(0L), hosts(request),
                        request.string("budget").flatMap(Money::of));
            } catch (IllegalArgumentException wrong) {
                throw new Refused(2, String.valueOf(wrong.getMessage()));
            }
        }

        private static List<HostRule> hosts(Json.Obj request) throws Refused {
            var rules = new ArrayList<HostRule>();
            for (var host : texts(request, "allow")) rules.add(HostOrders.rule(host, false));
            return rules;
        }

        private static Path workspace(Json.Obj request, House house) throws Refused {
            var asked = Path.of(request.string("workspace").orElse("/"));
            try {
                var installation = Path.of(ResidentGate.installation());
                // Whoever tries it out from its own directory means no files of it: an empty one is taken.
                boolean own = !request.isTrue("named") && asked.toRealPath().startsWith(installation.toRealPath());
                if (own) asked = Files.createTempDirectory("masugata-").toRealPath();
                var hidden = List.of(house.home.directory(), installation);
                return switch (WorkspaceCheck.of(asked, UserHome.path(), hidden)) {
                    case WorkspaceCheck.Good(var workspace) -> workspace;
                    case WorkspaceCheck.Refused(var reason) -> throw new Refused(125, reason);
                };
            } catch (IOException unreadable) {
                throw new Refused(125, "the workspace `" + asked + "` cannot be used: " + unreadable.getMessage());
            }
        }

        private static List<Bind> binds(Json.Obj request, House house) throws Refused {
            var binds = binds(request);
            var hidden = List.of(house.home.directory(), Path.of(ResidentGate.installation()));
            try {
                for (var bind : binds) {
                    var refusal = MountCheck.refuses(bind, UserHome.path(), hidden);
                    if (refusal.isPresent()) throw new Refused(125, refusal.get());
                }
            } catch (IOException unreadable) {
                throw new Refused(125, "a mount cannot be looked at: " + unreadable.getMessage());
            }
            return binds;
        }

        private static List<Bind> binds(Json.Obj request) throws Refused {
            var binds = new ArrayList<Bind>();
            for (var directory : texts(request, "read")) binds.add(Bind.read(Path.of(directory)));
            for (var mount : texts(request, "mounts")) {
                var parts = mount.split(":", -1);
                boolean readOnly = parts.length == 3 && parts[2].equals("ro");
                if (parts.length < 2 || parts.length > 3 || parts.length == 3 && !readOnly)
                    throw new Refused(2, "`--mount` takes SRC:DST or SRC:DST:ro, not `" + mount + "`");
                binds.add(new Bind(Path.of(parts[0]), Path.of(parts[1]), !readOnly));
            }
            return binds;
        }

        private static List<String> texts(Json.Obj request, String name) {
            var texts = new ArrayList<String>();
            for (var item : request.items(name)) if (item instanceof Json.Str(var text, _)) texts.add(text);
            return texts;
        }
    }
}
