package dev.masugata.app.commands;

import dev.masugata.definition.Difference;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Pins;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tools` and what is below it.
final class ToolCommands {
    private ToolCommands() {}

    @Command(
            name = "tools",
            description = "Shows the tools that were seen, and which of them are approved.",
            subcommands = {Show.class, ToolApproval.class, Revoke.class, ToolDiff.class},
            footer = {"", "Examples:", "  masugata tools", "  masugata tools approve files",
                    "  masugata tools show files/write_file"})
    static final class Tools extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            try (var record = record()) {
                var pins = record.standing().pins().all();
                if (json) {
                    print(new Json.Arr(pins.stream().map(ToolCommands::shown).toList()));
                    return 0;
                }
                var table = new Table("TOOL", "STATE", "CLASS", "DEFINITION", "WHY");
                for (var pin : pins)
                    table.row(pin.name(), state(pin), pin.isApproved() && pin.isTool() ? pin.toolClass().word() : "",
                            brief(pin.isApproved() ? pin.definition() : pin.seen()), why(pin));
                table.print(System.out,
                        "no tool was seen yet; masugata tools approve SERVER asks a server for its tools");
                return 0;
            }
        }
    }

    /// What an operator has to know: whether agents may use what the server offers now.
    static String state(Pin pin) {
        var state = pin.state();
        if (state.isQuarantined()) return "quarantined: " + state.word();
        return state.word() + (pin.isReviewDue(Instant.now()) ? ", review due" : "");
    }

    /// Why it is held back, or what is to be done.
    private static String why(Pin pin) {
        if (pin.isReviewDue(Instant.now()))
            return "since " + pin.review().orElseThrow() + ", approved by " + pin.by() + ": masugata tools approve "
                    + pin.name();
        return reasons(pin).stream().map(it -> it.id() + ": " + it.text()).collect(Collectors.joining("; "));
    }

    static List<Reason> reasons(Pin pin) {
        return pin.held().map(Pins.Held::why).orElse(List.of());
    }

    private static String brief(String hash) {
        return hash.isEmpty() ? "" : hash.substring(0, 12);
    }

    static Json.Obj shown(Pin pin) {
        var state = pin.state();
        var json = Json.object("tool", pin.name())
                .with("state", state.isQuarantined() ? "quarantined" : state.word())
                .with("class", pin.toolClass().word())
                .with("approved", pin.definition())
                .with("seen", pin.seen())
                .with("by", pin.by())
                .with("reviewDue", Json.of(pin.isReviewDue(Instant.now())));
        if (!pin.by().isEmpty()) json = json.with("at", pin.at().toString());
        if (pin.review().isPresent()) json = json.with("review", pin.review().get().toString());
        if (!state.isQuarantined()) return json;
        return json.with("quarantine", state.word())
                .with("why", new Json.Arr(reasons(pin).stream()
                        .map(it -> Json.object("id", it.id()).with("text", it.text()))
                        .toList()));
    }

    @Command(
            name = "show",
            description = "Prints a tool's definition as its server gave it last, and what checks found in it.",
            footer = {"", "Example:", "  masugata tools show files/write_file"})
    static final class Show extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "SERVER/TOOL")
        String name = "";

        @Override
        public Integer call() {
            try (var record = record()) {
                var pin = pin(record, name);
                var definition = definition(record, pin.seenSeq());
                if (json) {
                    print(shown(pin).with("definition", definition));
                    return 0;
                }
                System.out.println(Table.plain(pin.name()) + "  " + state(pin) + "  " + pin.toolClass().word());
                if (pin.isApproved())
                    System.out.println("approved by " + Table.plain(pin.by()) + " at " + pin.at()
                            + pin.review().map(it -> ", to be looked at again at " + it).orElse(""));
                reasons(pin).forEach(it -> System.out.println("! " + Table.plain(it.id() + ": " + it.text())));
                Difference.lines(definition).forEach(System.out::println);
                return 0;
            }
        }
    }

    @Command(
            name = "revoke",
            description = "Takes an approval back: the tool is neither shown nor called any more.",
            footer = {"", "Example:", "  masugata tools revoke files/move_file"})
    static final class Revoke extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "SERVER[/TOOL]")
        String name = "";

        @Override
        public Integer call() {
            var answer = ask(request("tools-revoke").with("name", name));
            if (json) print(answer);
            else for (var one : answer.items("revoked")) System.out.println("revoked " + ((Json.Str) one).value());
            return 0;
        }
    }

    static Pin pin(LedgerReader record, String name) {
        int slash = name.indexOf('/');
        if (slash < 1) throw new Failure(Failure.USAGE, "a tool is named SERVER/TOOL, not `" + name + "`");
        return record.standing()
                .pins()
                .of(name.substring(0, slash), name.substring(slash + 1))
                .orElseThrow(() -> new Failure(Failure.FAILED, "no tool `" + name + "` was seen: masugata tools"));
    }

    static Json definition(LedgerReader record, long seq) {
        return record.entry(seq).map(it -> it.event().payload()).orElse(Json.NULL);
    }
}
