package dev.masugata.app.commands;

import dev.masugata.app.watch.Watchtower;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Answer;
import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Questions;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `query`: a question to the graph of what was scanned and recorded.
@Command(
        name = "query",
        description = {
            "Asks the graph of what was scanned (`inventory.json`) and recorded. It reads and nothing else.",
            "A comparison with what is not known is false, and its NOT true. =~ must match the whole text."
        },
        footer = {
            "",
            "Examples:",
            "  masugata query 'MATCH Agent USES McpServer'",
            "  masugata query \"MATCH Package AFFECTED_BY Vulnerability WHERE Vulnerability.severity = 'Critical'\"",
            "  masugata query 'MATCH Agent AS a WHERE NOT EXISTS (a HOLDS Credential) RETURN a.name'",
            "  masugata query 'MATCH (a:Agent)-[:USES|HOLDS]->{1,3}(c:Credential) RETURN DISTINCT a, c'",
            "  masugata query 'PATH Agent TO Credential WITHIN 4 HOPS' --json",
            "  masugata query --schema"
        })
final class QueryCommand extends Options implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "QUESTION")
    String question = "";

    @Option(names = "--schema", description = "show the words that a question may use")
    boolean schema;

    @Override
    public Integer call() throws IOException {
        if (!schema && question.isBlank()) throw new Failure(Failure.USAGE, "`query` takes a question, or `--schema`");
        var tower = Watchtower.of(home());
        var words = Schema.shipped().with(tower.estate());
        if (schema) return show(words);
        try (var store = Store.of(tower.estate())) {
            var answer = new Questions(store, words).ask(question);
            if (json) print(answer.json());
            else print(answer);
            if (!json && tower.scanned().isEmpty())
                Commands.say("nothing was scanned yet: only the record is in the graph");
            return 0;
        } catch (BadQuestion bad) {
            throw new Failure(Failure.USAGE, String.valueOf(bad.getMessage()));
        } catch (Store.TooLong tooLong) {
            throw new Failure(Failure.FAILED, String.valueOf(tooLong.getMessage()));
        }
    }

    static void print(Answer answer) {
        var table = new Table(answer.columns().toArray(String[]::new));
        for (var row : answer.rows()) table.row(row.stream().map(Answer::shown).toArray(String[]::new));
        table.print(System.out, "no rows");
        if (answer.cut())
            Commands.say("there are more rows than these " + answer.rows().size() + "; say `LIMIT`, or ask for less");
    }

    private int show(Schema words) {
        if (json) {
            var kinds = Json.EMPTY;
            for (var kind : words.kinds().entrySet()) kinds = kinds.with(kind.getKey(), Json.strings(kind.getValue()));
            print(Json.object("kinds", kinds).with("relations", Json.strings(relations(words))));
            return 0;
        }
        words.kinds().forEach((kind, fields) ->
                System.out.println(Table.plain(kind + ": " + String.join(", ", fields))));
        relations(words).forEach(it -> System.out.println(Table.plain(it)));
        return 0;
    }

    private static java.util.List<String> relations(Schema words) {
        return words.relations().stream().map(it -> it.from() + " " + it.kind() + " " + it.to()).sorted().toList();
    }
}
