package dev.masugata.app;

import dev.masugata.checkpoint.ToolPins;
import dev.masugata.ledger.Pins;
import dev.masugata.model.Principal;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What operators do with tools: look at them, approve and revoke their definitions.
final class ToolOrders {
    private final House house;
    private final Discovery discovery;
    private final PolicyOrders policies;

    ToolOrders(House house, Discovery discovery, PolicyOrders policies) {
        this.house = house;
        this.discovery = discovery;
        this.policies = policies;
    }

    Json.Obj list(Principal.Operator operator, Json.Obj request) throws Refused {
        var unreachable = Json.EMPTY;
        if (request.isTrue("discover"))
            for (var server : house.config.servers().keySet()) {
                var why = discovery.ask(operator, server).failed();
                if (why.isPresent()) unreachable = unreachable.with(server, why.get());
            }
        return Json.object("unreachable", unreachable);
    }

    /// Approves what is new, and of what is quarantined that which the operator was shown as it is now.
    Json.Obj approve(Principal.Operator operator, Json.Obj request) throws Refused {
        var order = ApproveOrder.of(request, house.clock.instant(), house.config.review());
        if (!house.config.servers().containsKey(order.server()))
            throw new Refused(1, unknownServer(house, order.server()));
        var approved = new ArrayList<Json>();
        var unshown = new ArrayList<Json>();
        var program = changedProgram(order.server());
        if (program.isPresent() && order.means(program.get())) {
            // It cannot be asked for its tools before: it would not be started.
            if (!order.wasShown(program.get()))
                return Json.object("approved", new Json.Arr(List.of()))
                        .with("unshown", new Json.Arr(List.of(unshown(program.get()))));
            approved.add(approve(operator, order, program.get()));
        }
        var discovered = ask(operator, order);
        var refused = new ArrayList<String>();
        for (var pin : house.ledger.standing().pins().all()) {
            if (!order.means(pin) || !isOffered(pin, discovered)) continue;
            var steers = steering(order, pin, discovered);
            if (steers.isPresent()) {
                // With the rest of a server they are left out; by their own name they are asked for.
                if (order.name().equals(pin.name())) refused.add(steers.get());
                continue;
            }
            if (pin.state().isQuarantined() && !order.wasShown(pin)) unshown.add(unshown(pin));
            else order.refuses(pin).ifPresentOrElse(refused::add, () -> approved.add(approve(operator, order, pin)));
        }
        if (approved.isEmpty() && unshown.isEmpty())
            throw new Refused(1, refused.isEmpty()
                    ? "server `" + order.server() + "` has no tool `" + order.name() + "`"
                    : String.join("\n", refused));
        if (!approved.isEmpty()) policies.reload(operator);
        return Json.object("approved", new Json.Arr(approved))
                .with("unshown", new Json.Arr(unshown))
                .with("refused", Json.strings(refused));
    }

    private Optional<Pins.Pin> changedProgram(String server) {
        return house.ledger.standing().pins().of(server, ToolPins.PROGRAM).filter(it -> it.state().isQuarantined());
    }

    /// Only what was looked at just now, and as it was then; a server does not speak of its own program.
    private static boolean isOffered(Pins.Pin pin, Discovery.Discovered discovered) {
        return pin.tool().equals(ToolPins.PROGRAM) || pin.seen().equals(discovered.tools().get(pin.name()));
    }

    private Discovery.Discovered ask(Principal.Operator operator, ApproveOrder order) throws Refused {
        var discovered = discovery.ask(operator, order.server());
        var why = discovered.failed();
        if (why.isPresent())
            throw new Refused(1, "server `" + order.server() + "` cannot be asked for its tools: " + why.get());
        var steers = discovered.steers().stream().filter(it -> !isInstruction(it)).toList();
        if (!steers.isEmpty() && !order.anyway())
            throw new Refused(
                    1,
                    "what server `" + order.server() + "` says of its tools tries to steer an agent:\n  "
                            + String.join("\n  ", steers)
                            + "\nlook at it: masugata tools show " + order.server()
                                    + "/TOOL; to approve it as it is: --anyway");
        return discovered;
    }

    /// A server's instructions to models are a thing of their own: they stay out, and its tools need not.
    private static boolean isInstruction(String steer) {
        return steer.endsWith(" at /instructions");
    }

    private static Optional<String> steering(ApproveOrder order, Pins.Pin pin, Discovery.Discovered discovered) {
        boolean steers = pin.tool().equals("instructions:")
                && !order.anyway()
                && discovered.steers().stream().anyMatch(ToolOrders::isInstruction);
        return steers
                ? Optional.of(pin.name() + " tries to steer an agent, and is not approved with the rest; look at it:"
                        + " masugata tools show " + pin.name() + "; to approve it as it is: --anyway")
                : Optional.empty();
    }

    private static Json unshown(Pins.Pin pin) {
        return Json.object("tool", pin.name()).with("seen", pin.seen());
    }

    private Json approve(Principal.Operator operator, ApproveOrder order, Pins.Pin pin) {
        var definition = house.ledger.reader().entry(pin.seenSeq()).map(it -> it.event().payload()).orElse(Json.NULL);
        var entry = Objects.requireNonNull(house.config.servers().get(order.server()));
        var toolClass = !pin.isTool()
                ? ToolClass.UNCONFIRMED
                : order.toolClass().orElseGet(() -> ToolClasses.of(entry, pin.tool(), definition));
        boolean changes = !pin.isUsable() || pin.toolClass() != toolClass || order.isReview()
                || pin.isReviewDue(house.clock.instant());
        if (changes)
            house.ledger.append(
                    Pins.approved(operator, order.server(), pin.tool(), pin.seen(), toolClass, order.review()));
        var answer = Json.object("tool", pin.name()).with("class", toolClass.word()).with("new", Json.of(changes));
        return order.review().isPresent() && changes ? answer.with("review", order.review().get().toString()) : answer;
    }

    Json.Obj revoke(Principal.Operator operator, Json.Obj request) throws Refused {
        var name = request.string("name").orElse("");
        var meant = house.ledger.standing().pins().all().stream()
                .filter(Pins.Pin::isApproved)
                .filter(it -> it.name().equals(name) || it.name().startsWith(name + "/"))
                .toList();
        if (meant.isEmpty()) throw new Refused(1, "no tool `" + name + "` is approved: masugata tools");
        for (var pin : meant) house.ledger.append(Pins.revoked(operator, pin.server(), pin.tool()));
        policies.reload(operator);
        return Json.object("revoked", Json.strings(meant.stream().map(Pins.Pin::name).toList()));
    }

    static String unknownServer(House house, String server) {
        var known = house.config.servers().keySet();
        return "there is no server `" + server + "`"
                + (known.isEmpty() ? "; configuration names none" : "; known: " + String.join(", ", known));
    }
}
