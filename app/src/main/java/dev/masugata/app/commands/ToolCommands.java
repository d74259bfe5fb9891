package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tools` and what is below it.
final class ToolCommands {
    private ToolCommands() {}

    @Command(
            name = "tools",
            description = "Shows the tools that were seen, and which of them are approved.",
            subcommands = {Show.class, Approve.class, Revoke.class, Diff.class},
            footer = {"", "Examples:", "  masugata tools", "  masugata tools approve files", "  masugata tools show files/write_file"})
    static final class Tools extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            try (var record = record()) {
                var pins = record.standing().pins().all();
                if (json) {
                    print(new Json.Arr(pins.stream().map(ToolCommands::shown).toList()));
                    return 0;
                }
                var table = new Table("TOOL", "STATE", "CLASS", "DEFINITION");
                for (var pin : pins)
                    table.row(pin.name(), state(pin), pin.isApproved() ? pin.toolClass().word() : "", brief(pin.isApproved() ? pin.definition() : pin.seen()));
                table.print(System.out, "no tool was seen yet; masugata tools approve SERVER asks a server for its tools");
                return 0;
            }
        }
    }

    /// What an operator has to know: whether agents may use what the server offers now.
    static String state(Pin pin) {
        if (!pin.isApproved()) return "waits";
        return pin.definition().equals(pin.seen()) ? "approved" : "quarantined";
    }

    private static String brief(String hash) {
        return hash.isEmpty() ? "" : hash.substring(0, 12);
    }

    private static Json shown(Pin pin) {
        return Json.object("tool", pin.name())
                .with("state", state(pin))
                .with("class", pin.toolClass().word())
                .with("approved", pin.definition())
                .with("seen", pin.seen())
                .with("by", pin.by());
    }

    @Command(
            name = "show",
            description = "Prints a tool's definition as its server gave it last.",
            footer = {"", "Example:", "  masugata tools show files/write_file"})
    static final class Show extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "SERVER/TOOL")
        String name = "";

        @Override
        public Integer call() {
            try (var record = record()) {
                var pin = pin(record, name);
                var definition = definition(record, pin.seenSeq());
                if (json) print(Json.object("tool", pin.name()).with("state", state(pin)).with("definition", definition));
                else {
                    System.out.println(pin.name() + "  " + state(pin) + "  " + pin.toolClass().word());
                    lines(definition, "").forEach(System.out::println);
                }
                return 0;
            }
        }
    }

    @Command(
            name = "diff",
            description = "Shows how the definition that a server gives now differs from the approved one.",
            footer = {"", "Example:", "  masugata tools diff files/write_file"})
    static final class Diff extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "SERVER/TOOL")
        String name = "";

        @Override
        public Integer call() {
            try (var record = record()) {
                var pin = pin(record, name);
                if (!pin.isApproved()) throw new Failure(Failure.FAILED, "`" + name + "` was never approved: masugata tools show " + name);
                var before = lines(approved(record, pin), "");
                var after = lines(definition(record, pin.seenSeq()), "");
                if (json) print(Json.object("tool", pin.name()).with("removed", missing(before, after)).with("added", missing(after, before)));
                else {
                    if (before.equals(after)) System.out.println(name + " is as approved");
                    for (var line : before) if (!after.contains(line)) System.out.println("- " + line);
                    for (var line : after) if (!before.contains(line)) System.out.println("+ " + line);
                }
                return before.equals(after) ? 0 : 1;
            }
        }

        private static Json.Arr missing(java.util.List<String> from, java.util.List<String> in) {
            return Json.strings(from.stream().filter(line -> !in.contains(line)).toList());
        }
    }

    @Command(
            name = "approve",
            description = "Approves a tool, or all tools of a server, exactly as described now.",
            footer = {"", "Examples:", "  masugata tools approve files", "  masugata tools approve notes/add --class write"})
    static final class Approve extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "SERVER[/TOOL]")
        String name = "";

        @Option(names = "--class", paramLabel = "CLASS", description = "what it can do at worst: read, write, egress, irreversible, credential or execution")
        @Nullable String toolClass;

        @Option(names = "--anyway", description = "although a description tries to steer an agent")
        boolean anyway;

        @Override
        public Integer call() {
            var request = request("tools-approve").with("name", name).with("anyway", Json.of(anyway));
            if (toolClass != null) {
                if (ConfigFile.toolClass(toolClass).isEmpty())
                    throw new Failure(Failure.USAGE, "`" + toolClass + "` is no class: read, write, egress, irreversible, credential or execution");
                request = request.with("class", toolClass);
            }
            var answer = ask(request);
            if (json) print(answer);
            else for (var one : answer.items("approved"))
                if (one instanceof Json.Obj it)
                    System.out.println((it.isTrue("new") ? "approved  " : "unchanged ") + Table.plain(text(it, "tool")) + "  " + text(it, "class")
                            + (text(it, "class").equals("unconfirmed") ? "  (held at every call; give a class with --class)" : ""));
            return 0;
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

    private static Pin pin(LedgerReader record, String name) {
        int slash = name.indexOf('/');
        if (slash < 1) throw new Failure(Failure.USAGE, "a tool is named SERVER/TOOL, not `" + name + "`");
        return record.standing()
                .pins()
                .of(name.substring(0, slash), name.substring(slash + 1))
                .orElseThrow(() -> new Failure(Failure.FAILED, "no tool `" + name + "` was seen: masugata tools"));
    }

    private static Json definition(LedgerReader record, long seq) {
        return record.entry(seq).map(it -> it.event().payload()).orElse(Json.NULL);
    }

    /// The definition that was approved: the last one seen under its hash.
    private static Json approved(LedgerReader record, Pin pin) {
        if (pin.definition().equals(pin.seen())) return definition(record, pin.seenSeq());
        var seen = Query.ALL.withType("changed").withBefore(pin.seq()).withNewestFirst();
        for (var page = record.entries(seen); !page.isEmpty(); page = record.entries(seen.withBefore(page.getLast().seq())))
            for (var entry : page)
                if (entry.event() instanceof Event.Changed it
                        && it.subject() == Event.Subject.PIN
                        && it.name().equals(pin.name())
                        && it.change().equals("seen")
                        && it.detail().string("definition").equals(java.util.Optional.of(pin.definition()))) return it.payload();
        return Json.NULL;
    }

    /// A value as lines a person can compare: one for each leaf, with its place.
    private static java.util.List<String> lines(Json value, String place) {
        var lines = new ArrayList<String>();
        switch (value) {
            case Json.Obj(var members, _) -> members.forEach((name, member) -> lines.addAll(lines(member, place + "/" + name)));
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) lines.addAll(lines(items.get(i), place + "/" + i));
            }
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> lines.add(Table.plain(place + "  " + JsonWriter.text(value)));
        }
        return lines;
    }
}
