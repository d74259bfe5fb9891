package dev.masugata.app.commands;

import dev.masugata.definition.Difference;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tools diff`: what is quarantined and why, word by word.
@Command(
        name = "diff",
        description = "Shows why a definition is quarantined, and what of it is not as approved; of all that are.",
        footer = {"", "Examples:", "  masugata tools diff", "  masugata tools diff files/write_file"})
final class ToolDiff extends Options implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "SERVER/TOOL")
    @Nullable String name;

    @Override
    public Integer call() {
        try (var record = record()) {
            var pins = name == null
                    ? record.standing().pins().all().stream().filter(it -> it.state().isQuarantined()).toList()
                    : List.of(known(record, name));
            boolean differ = false;
            var all = new ArrayList<Json>();
            for (var pin : pins) {
                var lines = lines(record, pin);
                boolean same = lines.isEmpty() && !pin.state().isQuarantined();
                differ |= !same;
                all.add(json(pin, lines));
                if (json) continue;
                if (same) System.out.println(Table.plain(pin.name()) + " is as approved");
                else report(pin, lines);
            }
            if (json) print(name == null ? new Json.Arr(all) : all.getFirst());
            else if (pins.isEmpty()) System.out.println("nothing is quarantined");
            return differ ? Failure.FAILED : 0;
        }
    }

    private static Pin known(LedgerReader record, String name) {
        var pin = ToolCommands.pin(record, name);
        if (pin.isApproved() || pin.state().isQuarantined()) return pin;
        throw new Failure(Failure.FAILED, "`" + name + "` was never approved: masugata tools show " + name);
    }

    /// What an operator has to see before it is approved as it is.
    static void report(Pin pin, List<String> lines) {
        System.out.println(Table.plain(pin.name()) + "  " + ToolCommands.state(pin));
        ToolCommands.reasons(pin).forEach(it -> System.out.println("! " + Table.plain(it.id() + ": " + it.text())));
        lines.forEach(System.out::println);
    }

    private static Json.Obj json(Pin pin, List<String> lines) {
        return ToolCommands.shown(pin).with("removed", sided(lines, "- ")).with("added", sided(lines, "+ "));
    }

    private static Json.Arr sided(List<String> lines, String side) {
        return Json.strings(lines.stream().filter(it -> it.startsWith(side)).map(it -> it.substring(2)).toList());
    }

    /// From the approved definition to the one that the server gives now; where none was approved, all of it came.
    static List<String> lines(LedgerReader record, Pin pin) {
        var before = pin.isApproved() ? approved(record, pin) : Json.EMPTY;
        return Difference.of(before, ToolCommands.definition(record, pin.seenSeq()));
    }

    /// The definition that was approved: the last one seen under its hash.
    private static Json approved(LedgerReader record, Pin pin) {
        if (pin.definition().equals(pin.seen())) return ToolCommands.definition(record, pin.seenSeq());
        var seen = Query.ALL.withType("changed").withBefore(pin.seq()).withNewestFirst();
        for (var page = record.entries(seen); !page.isEmpty(); page =
                record.entries(seen.withBefore(page.getLast().seq())))
            for (var entry : page)
                if (entry.event() instanceof Event.Changed it
                        && it.subject() == Event.Subject.PIN
                        && it.name().equals(pin.name())
                        && it.change().equals("seen")
                        && it.detail().string("definition").equals(Optional.of(pin.definition()))) return it.payload();
        return Json.NULL;
    }
}
