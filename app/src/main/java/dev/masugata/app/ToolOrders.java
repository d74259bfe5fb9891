package dev.masugata.app;

import dev.masugata.ledger.Pins;
import dev.masugata.model.Principal;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.ArrayList;
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

    Json.Obj approve(Principal.Operator operator, Json.Obj request) throws Refused {
        var name = request.string("name").orElse("");
        var server = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
        if (!house.config.servers().containsKey(server)) throw new Refused(1, unknownServer(house, server));
        var discovered = discovery.ask(operator, server);
        var why = discovered.failed();
        if (why.isPresent())
            throw new Refused(1, "server `" + server + "` cannot be asked for its tools: " + why.get());
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
        policies.reload(operator);
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

    Json.Obj revoke(Principal.Operator operator, Json.Obj request) throws Refused {
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
        policies.reload(operator);
        return Json.object("revoked", Json.strings(meant.stream().map(Pins.Pin::name).toList()));
    }

    static String unknownServer(House house, String server) {
        var known = house.config.servers().keySet();
        return "there is no server `" + server + "`"
                + (known.isEmpty() ? "; configuration names none" : "; known: " + String.join(", ", known));
    }
}
