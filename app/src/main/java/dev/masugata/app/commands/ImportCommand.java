package dev.masugata.app.commands;

import dev.masugata.app.AgentTranscript;
import dev.masugata.app.AgentTranscript.Compared;
import dev.masugata.app.terraform.FirewallRules;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `import`: what others wrote, as ours.
@Command(
        name = "import",
        description = {
            "Makes an allow list of Terraform's egress rules by domain name (Google Cloud NGFW), and says what was "
                    + "left out.",
            "Or holds the transcript that an agent wrote itself (Claude Code, Codex) against our own record: 1 if they "
                    + "differ.",
            "The list is printed for a look; put it into the configuration yourself. The report is on standard error."
        },
        footer = {
            "",
            "Examples:",
            "  masugata import terraform firewall.tf",
            "  masugata import terraform firewall.tf --json",
            "  masugata import transcript ~/.claude/projects/shop/1f3a.jsonl --session s-7f3k"
        })
final class ImportCommand extends Options implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "KIND", description = "terraform or transcript")
    String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE")
    Path file = Path.of("");

    @Option(names = "--session", paramLabel = "S", description = "of `transcript`: the session; the latest if not said")
    @Nullable String session;

    @Override
    public Integer call() throws IOException {
        if (!kind.equals("terraform") && !kind.equals("transcript"))
            throw new Failure(Failure.USAGE, "`import` knows `terraform` and `transcript`, not `" + kind + "`");
        if (!Files.isRegularFile(file)) throw new Failure(Failure.USAGE, "there is no file `" + file + "`");
        return kind.equals("transcript") ? transcript() : terraform();
    }

    /// What an agent wrote down itself, held against our own record.
    private int transcript() throws IOException {
        AgentTranscript told;
        try {
            told = AgentTranscript.of(file);
        } catch (IllegalArgumentException | MalformedInputException unreadable) {
            throw new Failure(Failure.FAILED, "`" + file + "`: " + unreadable.getMessage());
        }
        try (var record = record()) {
            var id = session == null ? TranscriptCommand.latest(record) : LogCommands.session(record, session);
            var compared = told.with(all(record, id));
            if (json) print(shown(id, told, compared));
            else say(id, told, compared);
            return compared.hasGaps() ? 1 : 0;
        }
    }

    private static List<Entry> all(LedgerReader record, String session) {
        var all = new ArrayList<Entry>();
        var query = Query.ALL.withSession(session).withLimit(Query.MOST);
        for (var some = record.entries(query); !some.isEmpty();
                some = record.entries(query.withAfter(all.getLast().seq()))) all.addAll(some);
        return all;
    }

    private static Json.Obj shown(String session, AgentTranscript told, Compared compared) {
        return Json.object("session", session).with("matched", Json.of(compared.matched()))
                .with("unrecorded", Json.strings(compared.unrecorded().stream().map(it -> it.name()).toList()))
                .with("untold", Json.strings(compared.untold().stream().map(it -> "d-" + it).toList()))
                .with("ownTools", Json.of(compared.own())).with("turnsTold", Json.of(told.turns()))
                .with("modelCalls", Json.of(compared.modelCalls())).with("unreadLines", Json.of(told.unread()));
    }

    private static void say(String session, AgentTranscript told, Compared compared) {
        for (var call : compared.unrecorded())
            System.out.println("told, not on record   " + call.time() + "  " + Table.plain(call.name()));
        for (var seq : compared.untold()) System.out.println("on record, not told   d-" + seq);
        System.out.println(compared.matched() + " calls are in both; " + compared.unrecorded().size()
                + " passed no gate; " + compared.untold().size() + " were not told; " + compared.own()
                + " of the agent's own tools, which pass no gate");
        System.out.println(told.turns() + " turns of the model are told, " + compared.modelCalls()
                + " calls of models are on record of " + session);
        if (told.unread() > 0) System.err.println("masugata: " + told.unread() + " lines could not be read");
    }

    private int terraform() throws IOException {
        FirewallRules.Meaning meaning;
        try {
            meaning = FirewallRules.of(Files.readString(file));
        } catch (IllegalArgumentException unreadable) {
            throw new Failure(Failure.FAILED, "`" + file + "`: " + unreadable.getMessage());
        }
        if (json)
            print(Json.object("allow", Json.strings(meaning.rules().stream().map(it -> it.text()).toList()))
                    .with("report", Json.strings(meaning.report())));
        else {
            System.out.print(meaning.yaml());
            meaning.report().forEach(it -> System.err.println("masugata: " + it));
        }
        return 0;
    }
}
