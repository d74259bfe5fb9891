package dev.masugata.app;

import dev.masugata.app.control.ControlServer;
import dev.masugata.app.control.Link;
import dev.masugata.gates.mcp.Upstreams;
import dev.masugata.ledger.Approvals.Approval;
import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.ledger.Pins;
import dev.masugata.ledger.Query;
import dev.masugata.ledger.Scope;
import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.Source;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.sandbox.Visible;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What operators tell the gate over `control.sock`. Each command is answered with one END: its result, or `error`.
final class GateCommands implements ControlServer.Commands {
    private static final System.Logger LOG = System.getLogger("masugata.control");

    private interface Command {
        Json.Obj run(Principal.Operator operator, Json.Obj request, Link link) throws Refused, IOException;
    }

    /// A command cannot be done; told to the operator with the exit code.
    static final class Refused extends Exception {
        final int code;

        Refused(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    private final House house;
    private final Runs runs;
    private final Reviews reviews;
    private final Runnable shutDown;
    private final boolean serves;
    private final Map<String, Command> commands = Map.ofEntries(
            Map.entry("status", (_, _, _) -> status()),
            Map.entry("run", (operator, request, link) -> runs().run(operator, request, link)),
            Map.entry("bound", (_, request, _) -> runs().bound(about(request))),
            Map.entry("mcp", this::mcp),
            Map.entry("stop", this::stop),
            Map.entry("resume", this::resume),
            Map.entry("approvals", (_, _, _) -> approvals()),
            Map.entry("answer", this::answer),
            Map.entry("tools", this::tools),
            Map.entry("tools-approve", this::approveTools),
            Map.entry("tools-revoke", this::revokeTool),
            Map.entry("agents-add", this::addAgent),
            Map.entry("agents-revoke", this::revokeAgent),
            Map.entry("agents-fresh", this::freshSession),
            Map.entry("say", this::say),
            Map.entry("policy-load", this::loadPolicy),
            Map.entry("review", (operator, request, _) -> reviews().answer(operator, request)),
            Map.entry("checkpoint", (_, _, _) -> Json.object("checkpoint", runs().checkpoint())),
            Map.entry("erase", this::erase),
            Map.entry("hand-over", (_, _, _) -> handOver()));

    /// @param serves   true for a gate that agents from outside depend on: it yields to nobody
    /// @param shutDown ends this gate
    GateCommands(House house, Runs runs, Reviews reviews, boolean serves, Runnable shutDown) {
        this.serves = serves;
        this.house = house;
        this.runs = runs;
        this.reviews = reviews;
        this.shutDown = shutDown;
    }

    private Runs runs() {
        return runs;
    }

    private Reviews reviews() {
        return reviews;
    }

    @Override
    public void serve(Principal.Operator operator, Json.Obj request, Link link) throws IOException {
        var name = request.string("do").orElse("");
        var command = commands.get(name);
        try {
            if (command == null) throw new Refused(2, "the gate knows no command `" + name
                    + "`; is it of another version?");
            link.end(command.run(operator, request, link));
        } catch (Refused refused) {
            link.end(Json.object("error", String.valueOf(refused.getMessage())).with("code", refused.code));
        } catch (LedgerUnavailable closed) {
            link.end(Json.object("error", String.valueOf(closed.getMessage())).with("code", 1));
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "command " + name + " failed", broken);
            link.end(Json.object("error", "the gate failed at this; its log says why").with("code", 1));
        }
    }

    private Json.Obj status() {
        var running = new ArrayList<Json>();
        for (var session : house.sessions.running())
            running.add(Json.object("id", session.id())
                    .with("agent", session.agent().name())
                    .with("user", session.agent().user())
                    .with("kind", session.kind().name().toLowerCase(java.util.Locale.ROOT))
                    .with("stopped", Json.of(house.checkpoint.isStopped(session.id()))));
        return Json.object("pid", Json.of(ProcessHandle.current().pid())).with("sessions", new Json.Arr(running));
    }

    private Json.Obj handOver() throws Refused {
        if (house.sessions.anySealed())
            throw new Refused(1, "process " + ProcessHandle.current().pid()
                    + " is the gate of this home and has runs under way: masugata ps");
        if (serves)
            throw new Refused(
                    1, "process " + ProcessHandle.current().pid() + " serves this home already: "
                            + house.home.directory());
        shutDown.run();
        return Json.object("handedOver", Json.TRUE);
    }

    // --- sessions ---------------------------------------------------------------------------------------------

    private Json.Obj stop(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var stopped = new ArrayList<String>();
        var unrecorded = Optional.<String>empty();
        for (var id : targets(request)) {
            try {
                stopped.add(id);
                house.stop(id, operator);
            } catch (LedgerUnavailable full) {
                // It is stopped all the same: that must not depend on room on a disk.
                unrecorded = Optional.of(String.valueOf(full.getMessage()));
            }
        }
        var answer = Json.object("stopped", Json.strings(stopped));
        return unrecorded.isEmpty() ? answer : answer.with("unrecorded", unrecorded.get());
    }

    private List<String> targets(Json.Obj request) throws Refused {
        if (request.isTrue("all")) return house.sessions.running().stream().map(it -> it.id()).toList();
        return List.of(session(request.string("session").orElse("")));
    }

    private Json.Obj resume(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var id = session(request.string("session").orElse(""));
        if (isEnded(id)) throw new Refused(1, "session `" + id + "` has ended");
        house.ledger.append(dev.masugata.ledger.Sessions.resumed(operator, id));
        house.checkpoint.resume(id);
        return Json.object("resumed", id);
    }

    /// Characters that one `say` may have.
    static final int SAID_CHARS_MAX = 64 * 1024;

    /// What the user or the operator means by this session, on a channel that no agent has.
    private Json.Obj say(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var id = session(request.string("session").orElse(""));
        var session = house.sessions.running().stream().filter(it -> it.id().equals(id)).findFirst()
                .orElseThrow(() -> new Refused(1, "session `" + id + "` is not under way"));
        var text = request.string("text").orElse("");
        if (text.isBlank() || text.length() > SAID_CHARS_MAX)
            throw new Refused(2, "`say` needs a text of at most " + SAID_CHARS_MAX + " characters");
        boolean asOperator = request.isTrue("operator");
        house.ledger.append(dev.masugata.ledger.Sessions.said(operator, id, asOperator ? "operator" : "user", text));
        var integrity = asOperator ? Source.Integrity.OPERATOR : Source.Integrity.USER;
        house.provenance.said(session, integrity, operator.name() + " by `say`", text);
        return Json.object("session", id);
    }

    /// Ends the rolling session of an agent with a token, with its labels, and begins another.
    private Json.Obj freshSession(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var id = request.string("id").orElse("");
        var agent = house.tokens.named(id)
                .orElseThrow(() -> new Refused(1, "there is no agent `" + id + "` with a token: masugata agents"));
        house.sessions.rollingOf(id).ifPresent(old -> {
            house.stop(old.id(), operator);
            house.sessions.end(old);
            house.provenance.end(old.id());
        });
        var fresh = house.sessions.fresh(operator, agent, request.string("purpose").orElse(""));
        return Json.object("id", id).with("session", fresh.id());
    }

    private boolean isEnded(String session) {
        return house.ledger.standing().sessions().of(session).filter(it -> it.isEnded()).isPresent();
    }

    /// The session that a prefix means: of all on record, or the latest where none is named.
    String session(String prefix) throws Refused {
        var known = house.ledger.standing().sessions().all().stream().map(it -> it.id()).toList();
        if (known.isEmpty()) throw new Refused(1, "there is no session yet");
        if (prefix.isEmpty()) return known.getLast();
        if (known.contains(prefix)) return prefix;
        var matching = known.stream().filter(it -> it.startsWith(prefix) || it.startsWith("s-" + prefix)).toList();
        if (matching.size() == 1) return matching.getFirst();
        throw new Refused(1, matching.isEmpty()
                ? "there is no session `" + prefix + "`"
                : "`" + prefix + "` could be " + String.join(", ", matching));
    }

    /// The request with whom it is about, if it names somebody: an agent by its id, else a session.
    private Json.Obj about(Json.Obj request) throws Refused {
        var name = request.string("about").orElse("");
        if (name.isEmpty()) return request;
        boolean agent = house.config.agents().stream().anyMatch(it -> it.id().equals(name))
                || house.ledger.standing().agents().of(name).isPresent()
                || house.ledger.standing().sessions().all().stream().anyMatch(it -> it.agent().equals(name));
        return agent ? request.with("of", name) : request.with("session", session(name));
    }

    /// How long a client whose input ended may still wait for what it asked.
    static final Duration LAST_ANSWERS = Duration.ofMinutes(2);

    private Json.Obj mcp(Principal.Operator operator, Json.Obj request, Link link) throws Refused, IOException {
        var server = request.string("server").orElse("");
        if (!house.config.servers().containsKey(server)) throw new Refused(1, unknownServer(server));
        var agent = agent(request.string("agent").orElse("local"), operator);
        var session = house.sessions.rolling(agent);
        var face = house.tokenGate.stdio(session, List.of(server));
        link.message(Json.object("session", session.id()));
        boolean waits = false;
        while (!waits && link.receive().orElse(null) instanceof Link.Received.Input(var line)) {
            // The end of its input: it still waits for answers.
            waits = line.length == 0;
            if (!waits) face.line(line, answer -> send(link, answer));
        }
        try {
            if (waits) face.finish(LAST_ANSWERS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        face.end();
        return Json.EMPTY;
    }

    /// An agent of the operator's own, by a name that is not ours.
    static Principal.Agent agent(String name, Principal.Operator operator) throws Refused {
        if (name.startsWith("masugata")) throw new Refused(2, "names that begin with `masugata` are our own");
        try {
            return new Principal.Agent(name, operator.name(), Set.of());
        } catch (IllegalArgumentException wrong) {
            throw new Refused(2, String.valueOf(wrong.getMessage()));
        }
    }

    private static void send(Link link, Json.Obj message) {
        try {
            link.output((JsonWriter.text(message) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }

    private String unknownServer(String server) {
        var known = house.config.servers().keySet();
        return "there is no server `" + server + "`"
                + (known.isEmpty() ? "; configuration names none" : "; known: " + String.join(", ", known));
    }

    // --- approvals --------------------------------------------------------------------------------------------

    private Json.Obj approvals() {
        var waiting = new ArrayList<Json>();
        for (var approval : house.checkpoint.holds().waiting())
            if (!isEnded(approval.session())) waiting.add(shown(approval));
        return Json.object("approvals", new Json.Arr(waiting));
    }

    private Json shown(Approval approval) {
        long held = Long.parseLong(approval.id().substring(2));
        var content = house.ledger.reader().entry(held).map(it -> it.event().payload()).orElse(Json.NULL);
        return Json.object("id", approval.id())
                .with("session", approval.session())
                .with("principal", approval.principal())
                .with("action", approval.kind().word())
                .with("target", approval.target())
                .with("question", approval.question())
                .with("because", Json.strings(approval.because().stream().map(it -> it.id()).toList()))
                .with("since", approval.held().toString())
                .with("expires", approval.expires().toString())
                .with("paths", paths(held))
                .with("content", content);
    }

    /// From which content the values of a held action came.
    private Json paths(long held) {
        var reader = house.ledger.reader();
        var none = new Json.Arr(List.of());
        if (!(reader.entry(held).map(it -> it.event()).orElse(null) instanceof Event.Held event)) return none;
        var asked = reader.entry(event.asked()).map(it -> it.event().payload()).orElse(Json.NULL);
        return asked instanceof Json.Obj payload ? new Json.Arr(payload.object("origins").items("paths")) : none;
    }

    private Json.Obj answer(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var id = request.string("id").orElse("");
        boolean approved = request.isTrue("approved");
        var life = Duration.ofSeconds(request.integer("seconds").orElse(0L));
        var approval = house.ledger.standing().approvals().of(id);
        if (approval.isEmpty()) throw new Refused(1, "there is no approval `" + id + "`: masugata approvals");
        if (approved && isEnded(approval.get().session()))
            throw new Refused(1, "session `" + approval.get().session() + "` has ended: nothing of it can go any more");
        if (!house.checkpoint.holds().answer(id, operator, approved, life, request.string("note").orElse("")))
            throw new Refused(1, "approval `" + id + "` does not wait: it is " + approval.get()
                    .at(house.clock.instant()).word());
        var said = Json.object("id", id).with("answer", approved ? "approved" : "denied");
        var session = approval.get().session();
        if (!approved || !house.checkpoint.isStopped(session)) return said;
        return said.with("hint", "session " + session + " is stopped, so nothing of it passes: masugata resume "
                + session);
    }

    // --- tools ------------------------------------------------------------------------------------------------

    private Json.Obj tools(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var unreachable = Json.EMPTY;
        if (request.isTrue("discover"))
            for (var server : house.config.servers().keySet()) {
                var why = discover(operator, server).failed();
                if (why.isPresent()) unreachable = unreachable.with(server, why.get());
            }
        return Json.object("unreachable", unreachable);
    }

    /// What asking a server for its tools brought.
    ///
    /// @param failed why it could not be asked; empty if it could
    /// @param tools  what it said it has just now: the digest of each definition, by tool
    /// @param steers what inspection saw in these definitions that tries to steer an agent, and where
    private record Discovered(Optional<String> failed, Map<String, String> tools, List<String> steers) {}

    /// Asks a server for its tools, in a session of the operator's own; what it says is on record then.
    private Discovered discover(Principal.Operator operator, String server) {
        var agent = new Principal.Agent("masugata-discovery", operator.name(), Set.of());
        var session = house.sessions.begin(operator, agent, "asks a server for its tools", Session.Kind.TOKEN,
                Json.EMPTY);
        try {
            var tools = new LinkedHashMap<String, String>();
            for (var tool : house.upstreams.discover(session, server)) {
                house.pins.meet(session, tool.server() + "/" + tool.name(), tool.hash(), tool.whole());
                tools.put(tool.server() + "/" + tool.name(), tool.hash());
            }
            return new Discovered(Optional.empty(), tools, steers(session.id()));
        } catch (Upstreams.Undiscovered undiscovered) {
            var last = house.lastErrors
                    .take(session.id(), server)
                    .map(line -> "; it last wrote: " + Visible.text(line));
            return new Discovered(Optional.of(undiscovered.getMessage() + last.orElse("")), Map.of(), List.of());
        } finally {
            house.upstreams.close(session.id());
            house.seals.stop(session.id());
            house.sessions.end(session);
        }
    }

    private List<String> steers(String session) {
        // Found events go on record without waiting; one that is waited for comes behind them.
        house.ledger.append(dev.masugata.ledger.Sessions.raised(house.owner, session, "untrusted", Json.EMPTY));
        return house.ledger.reader().entries(Query.ALL.withSession(session).withType("found")).stream()
                .map(it -> ((Event.Found) it.event()).finding())
                .filter(it -> it.severity().compareTo(Severity.HIGH) >= 0)
                // What a server says of itself beside its tools is shown to nobody.
                .filter(it -> it.place().startsWith("/tools/"))
                .map(it -> it.rule() + " at " + it.place())
                .distinct()
                .toList();
    }

    private Json.Obj approveTools(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var name = request.string("name").orElse("");
        var server = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
        if (!house.config.servers().containsKey(server)) throw new Refused(1, unknownServer(server));
        var discovered = discover(operator, server);
        var why = discovered.failed();
        if (why.isPresent()) throw new Refused(1, "server `" + server + "` cannot be asked for its tools: " + why.get())
            ;
        if (!discovered.steers().isEmpty() && !request.isTrue("anyway"))
            throw new Refused(
                    1,
                    "what server `" + server + "` says of its tools tries to steer an agent:\n  "
                            + String.join("\n  ", discovered.steers())
                            + "\nlook at it: masugata tools show " + server
                                    + "/TOOL; to approve it as it is: --anyway");
        var given = request.string("class").flatMap(dev.masugata.app.config.ConfigFile::toolClass);
        var approved = new ArrayList<Json>();
        for (var pin : house.ledger.standing().pins().all()) {
            boolean meant = name.contains("/") ? pin.name().equals(name) : pin.name().startsWith(server + "/");
            // Only what was looked at just now, and as it was then.
            if (!meant || !pin.seen().equals(discovered.tools().get(pin.name()))) continue;
            approved.add(approve(operator, server, pin, given));
        }
        if (approved.isEmpty()) throw new Refused(1, "server `" + server + "` has no tool `" + name + "`");
        reload(operator);
        return Json.object("approved", new Json.Arr(approved));
    }

    private Json approve(Principal.Operator operator, String server, Pins.Pin pin, Optional<ToolClass> given) {
        var tool = pin.name().substring(server.length() + 1);
        var definition = house.ledger.reader().entry(pin.seenSeq()).map(it -> it.event().payload()).orElse(Json.NULL);
        var entry = Objects.requireNonNull(house.config.servers().get(server));
        var toolClass = given.orElseGet(() -> ToolClasses.of(entry, tool, definition));
        boolean changes = !pin.definition().equals(pin.seen()) || pin.toolClass() != toolClass;
        if (changes) house.ledger.append(Pins.approved(operator, server, tool, pin.seen(), toolClass));
        return Json.object("tool", pin.name()).with("class", toolClass.word()).with("new", Json.of(changes));
    }

    private Json.Obj revokeTool(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var name = request.string("name").orElse("");
        var meant = house.ledger.standing().pins().all().stream()
                .filter(Pins.Pin::isApproved)
                .filter(it -> it.name().equals(name) || it.name().startsWith(name + "/"))
                .toList();
        if (meant.isEmpty()) throw new Refused(1, "no tool `" + name + "` is approved: masugata tools");
        for (var pin : meant) {
            int slash = pin.name().indexOf('/');
            house.ledger.append(Pins.revoked(operator, pin.name().substring(0, slash), pin.name()
                    .substring(slash + 1)));
        }
        reload(operator);
        return Json.object("revoked", Json.strings(meant.stream().map(Pins.Pin::name).toList()));
    }

    private Json.Obj loadPolicy(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        reload(operator);
        return Json.object("digest", house.policy.get().digest());
    }

    private void reload(Principal.Operator operator) throws Refused {
        try {
            house.policy.load(operator);
        } catch (PolicyProblem.Invalid invalid) {
            throw new Refused(1, "the policy in force stays as it was:\n" + invalid.getMessage());
        }
    }

    // --- agents -----------------------------------------------------------------------------------------------

    private Json.Obj addAgent(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var groups = new java.util.TreeSet<String>();
        for (var group : request.items("groups")) if (group instanceof Json.Str(var text, _)) groups.add(text);
        try {
            if (request.string("id").orElse("").startsWith("masugata"))
                throw new Refused(2, "names that begin with `masugata` are our own");
            var agent = new Principal.Agent(request.string("id").orElse(""), request.string("user")
                    .orElse(operator.name()), groups);
            boolean configured = house.config.agents().stream()
                    .anyMatch(it -> it.id().equals(agent.name()) && it.token().isPresent());
            var standing = house.ledger.standing().agents().of(agent.name());
            if (configured && standing.filter(it -> it.revoked()).isPresent()) {
                house.ledger.append(dev.masugata.ledger.Agents.added(operator, agent, ""));
                return Json.object("id", agent.name()).with("user", agent.user())
                        .with("token", "the one that the configuration names");
            }
            if (configured) throw new Refused(1, "agent `" + agent.name() + "` has its token from configuration");
            var known = house.ledger.standing().agents().of(agent.name());
            if (known.isPresent() && !known.get().revoked())
                throw new Refused(
                        1,
                        "agent `" + agent.name() + "` is there already, for " + known.get().user()
                                + "; revoke it first");
            var token = Tokens.make(house.random);
            house.ledger.append(dev.masugata.ledger.Agents.added(operator, agent, Tokens.hashed(token)));
            return Json.object("id", agent.name()).with("user", agent.user()).with("token", token);
        } catch (IllegalArgumentException wrong) {
            throw new Refused(2, String.valueOf(wrong.getMessage()));
        }
    }

    private Json.Obj revokeAgent(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var id = request.string("id").orElse("");
        boolean configured = house.config.agents().stream().anyMatch(it -> it.id().equals(id));
        if (!configured && house.ledger.standing().agents().of(id).isEmpty())
            throw new Refused(1, "there is no agent `" + id + "`");
        if (house.ledger.standing().agents().of(id).isEmpty())
            house.ledger.append(dev.masugata.ledger.Agents.added(operator,
                    new Principal.Agent(id, operator.name(), Set.of()), ""));
        house.ledger.append(dev.masugata.ledger.Agents.revoked(operator, id));
        for (var session : house.sessions.running()) {
            if (!session.agent().name().equals(id)) continue;
            house.stop(session.id(), operator);
            // An agent that is added again is another one: it begins a session of its own.
            if (session.kind() == Session.Kind.TOKEN) house.sessions.end(session);
        }
        return Json.object("revoked", id);
    }

    // --- the record -------------------------------------------------------------------------------------------

    private Json.Obj erase(Principal.Operator operator, Json.Obj request, Link link) throws Refused {
        var removed = request.string("session").isPresent()
                ? house.ledger.erase(operator, List.of(new Scope.OfSession(session(request.string("session").get()))))
                : house.ledger.eraseUser(operator, request.string("user").orElse(""));
        return Json.object("erased", Json.of(removed.count()));
    }
}
