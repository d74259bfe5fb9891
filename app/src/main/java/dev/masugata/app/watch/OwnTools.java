package dev.masugata.app.watch;

import dev.masugata.analyst.Asking;
import dev.masugata.analyst.Understood;
import dev.masugata.app.Home;
import dev.masugata.app.watch.OwnTool.Argument;
import dev.masugata.app.watch.OwnTool.Refused;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Questions;
import dev.masugata.graph.risk.Definitions;
import dev.masugata.graph.risk.Ranking;
import dev.masugata.graph.risk.Risk;
import dev.masugata.model.InventoryJson;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What our own server offers to one caller. Who has a right to `events` sees what all agents did; who has none sees
/// what its own agent did.
public final class OwnTools {
    /// Rows of one answer.
    static final int ROWS_MAX = 200;

    private final Home home;
    private final Session session;
    private final Set<String> rights;

    /// @param rights of the caller: some of [OwnTool#RIGHTS]
    public OwnTools(Home home, Session session, Set<String> rights) {
        this.home = home;
        this.session = session;
        this.rights = Set.copyOf(rights);
    }

    public List<OwnTool> all() {
        var events = new OwnEvents(home, rights.contains("events") ? "" : session.agent().id());
        var tools = new ArrayList<>(events.tools());
        for (var tool : watch()) if (rights.contains(tool.right())) tools.add(tool);
        return tools;
    }

    private List<OwnTool> watch() {
        return List.of(
                new OwnTool("run_sysql", "risks", "Asks the graph of what was scanned and recorded, for example"
                        + " `MATCH Agent USES McpServer`. It reads and nothing else.",
                        List.of(new Argument("query", "string", true, "a question in SysQL")), this::query),
                new OwnTool("generate_sysql", "risks", "Turns a question in English or Japanese into SysQL; what is not"
                        + " understood is named.",
                        List.of(new Argument("question", "string", true, "a question in words")), this::generate),
                new OwnTool("list_findings", "risks", "What the last scan found weak.",
                        List.of(new Argument("severity", "string", false,
                                "at least so bad: low, medium, high, critical")),
                        this::findings),
                new OwnTool("list_risks", "risks", "What matters most, ranked, with the factors of each rank.",
                        List.of(),
                        _ -> risks()),
                new OwnTool("get_risk_path", "risks",
                        "How a risk could be reached, step by step, and what would cut it.",
                        List.of(new Argument("id", "string", true, "of `list_risks`")), this::path),
                new OwnTool("create_report", "risks", "Risks and findings as Markdown.", List.of(), _ -> report()));
    }

    private Json.Obj query(Json.Obj arguments) throws IOException, Refused {
        var tower = Watchtower.of(home);
        var words = Schema.shipped().with(tower.estate());
        try (var store = Store.of(tower.estate())) {
            return new Questions(store, words).ask(arguments.string("query").orElse("")).json();
        } catch (BadQuestion | Store.TooLong bad) {
            throw new Refused(String.valueOf(bad.getMessage()));
        }
    }

    private Json.Obj generate(Json.Obj arguments) throws IOException, Refused {
        var tower = Watchtower.of(home);
        var question = arguments.string("question").orElse("");
        return switch (new Asking(Schema.shipped(), tower.estate(), Instant.now()).understand(question)) {
            case Understood.Asked(var query, var paraphrase) ->
                Json.object("query", query).with("paraphrase", paraphrase);
            case Understood.Unclear(var words, var says) ->
                throw new Refused(says + (words.isEmpty() ? "" : ": " + String.join(", ", words)));
        };
    }

    private List<Weakness> weaknesses() throws IOException, Refused {
        var file = Watchtower.inventory(home);
        if (Files.notExists(file)) throw new Refused("nothing was scanned yet: an operator can, with `masugata scan`");
        return InventoryJson.read(Files.readAllBytes(file)).weaknesses();
    }

    private Json.Obj findings(Json.Obj arguments) throws IOException, Refused {
        var least = severity(arguments.string("severity").orElse("info"));
        var all = weaknesses().stream().filter(it -> it.severity().compareTo(least) >= 0)
                .sorted(java.util.Comparator.comparing(Weakness::severity).reversed()).toList();
        var shown = all.stream().limit(ROWS_MAX).map(OwnTools::json).toList();
        return Json.object("findings", new Json.Arr(shown)).with("total", Json.of(all.size()));
    }

    private static Json.Obj json(Weakness it) {
        return Json.object("id", it.id()).with("check", it.check()).with("severity", it.severity().word())
                .with("asset", it.asset()).with("file", it.file()).with("line", Json.of(it.line()))
                .with("says", it.says()).with("mend", it.mend());
    }

    private static Severity severity(String word) throws Refused {
        for (var one : Severity.values()) if (one.word().equals(word.toLowerCase(Locale.ROOT))) return one;
        throw new Refused("`" + word + "` is no severity: info, low, medium, high, critical");
    }

    private List<Risk> ranked() throws IOException {
        var tower = Watchtower.of(home);
        return Ranking.of(tower.estate(), Definitions.shipped(Schema.shipped())).risks();
    }

    private Json.Obj risks() throws IOException {
        var all = ranked();
        var shown = all.stream().limit(ROWS_MAX).map(it -> it.json().without("paths")).toList();
        return Json.object("risks", new Json.Arr(shown)).with("total", Json.of(all.size()));
    }

    private Json.Obj path(Json.Obj arguments) throws IOException, Refused {
        var id = arguments.string("id").orElse("");
        return ranked().stream().filter(it -> it.id().equals(id)).findFirst().map(Risk::json)
                .orElseThrow(() -> new Refused("there is no risk `" + id + "` now"));
    }

    private Json.Obj report() throws IOException, Refused {
        var text = new StringBuilder(
                "# Risks and findings\n\n| rank | risk | severity | about | score |\n|---|---|---|---|---|\n");
        int rank = 0;
        for (var risk : ranked().stream().limit(ROWS_MAX).toList())
            text.append("| ").append(++rank).append(" | ").append(cell(risk.definition().title())).append(" | ")
                    .append(risk.severity().word()).append(" | ").append(cell(risk.subject())).append(" | ")
                    .append(Math.round(risk.score())).append(" |\n");
        if (rank == 0) text.append("| - | none | | | |\n");
        text.append("\n## Findings\n\n| id | check | severity | where | what |\n|---|---|---|---|---|\n");
        for (var it : weaknesses().stream().limit(ROWS_MAX).toList())
            text.append("| ").append(cell(it.id())).append(" | ").append(cell(it.check())).append(" | ")
                    .append(it.severity().word()).append(" | ").append(cell(it.file())).append(" | ")
                    .append(cell(it.says())).append(" |\n");
        return Json.object("markdown", text.toString());
    }

    /// A name of somebody else's stays in its cell.
    private static String cell(String text) {
        var plain = text.replaceAll("[\\p{Cntrl}|`<>\\[\\]]", " ");
        return plain.length() > 200 ? plain.substring(0, 200) + "..." : plain;
    }
}
