package dev.masugata.app;

import dev.masugata.app.control.ControlServer;
import dev.masugata.app.control.Link;
import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Map;

/// What operators tell the gate over `control.sock`. Each command is answered with one END: its result, or `error`.
final class GateCommands implements ControlServer.Commands {
    private static final System.Logger LOG = System.getLogger("masugata.control");


    private interface Command {
        Json.Obj run(Principal.Operator operator, Json.Obj request, Link link) throws Refused, IOException;
    }

    private final House house;
    private final Runnable shutDown;
    private final boolean serves;
    private final Map<String, Command> commands;

    /// @param serves   true for a gate that agents from outside depend on: it yields to nobody
    /// @param shutDown ends this gate
    GateCommands(House house, Runs runs, Reviews reviews, boolean serves, Runnable shutDown) {
        this.serves = serves;
        this.house = house;
        this.shutDown = shutDown;
        this.commands = commands(house, runs, reviews);
    }

    private Map<String, Command> commands(House house, Runs runs, Reviews reviews) {
        var known = new KnownSessions(house);
        var sessions = new SessionOrders(house, known);
        var approvals = new ApprovalOrders(house, known);
        var policies = new PolicyOrders(house);
        var tools = new ToolOrders(house, new Discovery(house), policies);
        var agents = new AgentOrders(house);
        var credentials = new CredentialOrders(house);
        var hosts = new HostOrders(house, known);
        return Map.ofEntries(
                Map.entry("status", (_, _, _) -> status()),
                Map.entry("run", runs::run),
                Map.entry("bound", (_, request, _) -> runs.bound(known.about(request))),
                Map.entry("mcp", new StdioFace(house)::serve),
                Map.entry("stop", (operator, request, _) -> sessions.stop(operator, request)),
                Map.entry("resume", (operator, request, _) -> sessions.resume(operator, request)),
                Map.entry("say", (operator, request, _) -> sessions.say(operator, request)),
                Map.entry("erase", (operator, request, _) -> sessions.erase(operator, request)),
                Map.entry("approvals", (_, _, _) -> approvals.waiting()),
                Map.entry("grants", (_, _, _) -> approvals.granted()),
                Map.entry("grants-revoke", (operator, request, _) -> approvals.takeBack(operator, request)),
                Map.entry("answer", (operator, request, _) -> approvals.answer(operator, request)),
                Map.entry("tools", (operator, request, _) -> tools.list(operator, request)),
                Map.entry("tools-approve", (operator, request, _) -> tools.approve(operator, request)),
                Map.entry("tools-revoke", (operator, request, _) -> tools.revoke(operator, request)),
                Map.entry("agents-add", (operator, request, _) -> agents.add(operator, request)),
                Map.entry("agents-revoke", (operator, request, _) -> agents.revoke(operator, request)),
                Map.entry("agents-fresh", (operator, request, _) -> agents.fresh(operator, request)),
                Map.entry("allow", (operator, request, _) -> hosts.allow(operator, request)),
                Map.entry("credentials", (_, _, _) -> credentials.list()),
                Map.entry("credentials-login", (_, request, _) -> credentials.login(request)),
                Map.entry("credentials-answered", (_, request, _) -> credentials.answered(request)),
                Map.entry("policy-load", (operator, _, _) -> policies.load(operator)),
                Map.entry("review", (operator, request, _) -> reviews.answer(operator, request)),
                Map.entry("checkpoint", (_, _, _) -> Json.object("checkpoint", runs.checkpoint())),
                Map.entry("hand-over", (_, _, _) -> handOver()));
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
}
