package dev.masugata.app.watch;

import dev.masugata.analyst.Asking;
import dev.masugata.analyst.Understood;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Answer;
import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Questions;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Scores questions in words on the graph of a home: the rows must be those of a query that somebody wrote by hand.
///
/// The file holds JSON lines `{"question": "...", "query": "MATCH ..."}`; the order of rows and columns does not count.
public final class AskBench {
    private final List<String> wrong = new ArrayList<>();
    private final List<String> unclear = new ArrayList<>();
    private int right;

    private AskBench() {}

    public static void run(Watchtower tower, Path file, boolean json, PrintStream out) throws IOException {
        var bench = new AskBench();
        var asking = new Asking(Schema.shipped(), tower.estate(), Instant.now());
        try (var store = Store.of(tower.estate())) {
            var questions = new Questions(store, Schema.shipped().with(tower.estate()));
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank()) continue;
                if (!(JsonReader.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT) instanceof Json.Obj it))
                    throw new IOException("`" + file + "`: line " + number + " is no object");
                var at = number;
                var question = it.string("question")
                        .orElseThrow(() -> new IOException("`" + file + "`: line " + at + " has no `question`"));
                var gold = it.string("query")
                        .orElseThrow(() -> new IOException("`" + file + "`: line " + at + " has no `query`"));
                bench.score(question, gold, asking, questions);
            }
        }
        bench.print(json, out);
    }

    private void score(String question, String gold, Asking asking, Questions questions) throws IOException {
        switch (asking.understand(question)) {
            case Understood.Unclear it -> unclear.add(question + "   " + it.says());
            case Understood.Asked it -> {
                try {
                    if (rows(questions.ask(it.query())).equals(rows(questions.ask(gold)))) right++;
                    else wrong.add(question + "   " + it.query());
                } catch (BadQuestion bad) {
                    throw new IOException("`" + gold + "` cannot be asked: " + bad.getMessage(), bad);
                }
            }
        }
    }

    private static TreeSet<String> rows(Answer answer) {
        var rows = new TreeSet<String>();
        for (var row : answer.rows()) rows.add(row.stream().map(Json::toString).sorted().toList().toString());
        return rows;
    }

    private void print(boolean json, PrintStream out) {
        int all = right + wrong.size() + unclear.size();
        if (json) {
            out.println(JsonWriter.text(Json.object("bench", "ask").with("questions", all).with("right", right)
                    .with("wrong", Json.strings(wrong)).with("unclear", Json.strings(unclear))));
            return;
        }
        out.println(all + " questions: " + right + " right, " + unclear.size() + " named what was not understood, "
                + wrong.size() + " answered something else");
        wrong.forEach(it -> out.println("other rows   " + it));
        unclear.forEach(it -> out.println("not asked    " + it));
    }
}
