package dev.masugata.app.commands;

import dev.masugata.analyst.Asking;
import dev.masugata.analyst.Incident;
import dev.masugata.analyst.Investigation;
import dev.masugata.analyst.Playbook;
import dev.masugata.analyst.Prompts;
import dev.masugata.analyst.Understood;
import dev.masugata.app.watch.Watchtower;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Questions;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ask`: a question in words, to the graph or about a session.
@Command(
        name = "ask",
        description = {
            "Answers a question in English or Japanese from the last scan and the record, without a model: says the"
                    + " query"
                    + " that it became, and what that means.",
            "A word that is not understood is named, and nothing is asked (exit 1). Without a question: some to"
                    + " begin with."
        },
        footer = {
            "",
            "Examples:",
            "  masugata ask 'which agents use unpinned servers'",
            "  masugata ask '認証のない公開エンドポイント'",
            "  masugata ask 'what happened in s-7f3k'"
        })
final class AskCommand extends Options implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "QUESTION")
    List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
        var question = String.join(" ", words);
        if (question.isBlank()) {
            if (json) print(Json.object("prompts", Json.strings(Prompts.MORNING)));
            else Prompts.MORNING.forEach(System.out::println);
            return 0;
        }
        var tower = Watchtower.of(home());
        var incident = Incident.of(question);
        return incident.isPresent() ? investigate(incident.get(), tower) : ask(question, tower);
    }

    private int ask(String question, Watchtower tower) {
        return switch (new Asking(Schema.shipped(), tower.estate(), Instant.now()).understand(question)) {
            case Understood.Unclear it -> {
                if (json) print(Json.object("notUnderstood", Json.strings(it.words())).with("says", it.says()));
                throw new Failure(Failure.FAILED, Table.plain(it.says()));
            }
            case Understood.Asked it -> {
                answer(it, tower);
                yield 0;
            }
        };
    }

    private void answer(Understood.Asked asked, Watchtower tower) {
        try (var store = Store.of(tower.estate())) {
            var answer = new Questions(store, Schema.shipped().with(tower.estate())).ask(asked.query());
            if (json) {
                print(answer.json().with("query", asked.query()).with("paraphrase", asked.paraphrase()));
                return;
            }
            System.out.println("query   " + Table.plain(asked.query()));
            System.out.println("means   " + Table.plain(asked.paraphrase()));
            System.out.println();
            QueryCommand.print(answer);
        } catch (BadQuestion bad) {
            throw new Failure(Failure.FAILED, String.valueOf(bad.getMessage()));
        } catch (Store.TooLong tooLong) {
            throw new Failure(Failure.FAILED, String.valueOf(tooLong.getMessage()));
        }
    }

    private int investigate(String written, Watchtower tower) {
        var session = Incident.session(written, tower.entries()).orElseThrow(() -> new Failure(
                Failure.FAILED, written.isEmpty() ? "no session is on record" : "there is no session `" + written
                        + "`, or more than one"));
        var found = Playbook.of(session, tower.entries());
        if (json) print(found.json());
        else show(found);
        return 0;
    }

    private static void show(Investigation it) {
        System.out.println(it.session() + ": " + it.verdict().word());
        System.out.println(Table.plain(it.says()));
        int number = 1;
        for (var step : it.steps()) {
            System.out.println();
            System.out.println(number++ + ". " + Table.plain(step.question()));
            System.out.println("   " + Table.plain(step.found()));
            System.out.println("   " + Table.plain(step.query())
                    + (step.evidence().isEmpty() ? "" : "   evidence " + String.join(" ", step.evidence())));
        }
        System.out.println();
        for (var act : it.actions())
            System.out.printf("%-9s  %s   (%s)%n", act.kind(), Table.plain(act.command()), act.why());
    }
}
