package dev.masugata.app.commands;

import dev.masugata.app.Transcript;
import dev.masugata.app.Transcript.Said;
import dev.masugata.app.Transcript.Turn;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `logs`: a run as a person reads it.
@Command(
        name = "logs",
        description = "A run as a transcript: what the model was told and said, what was called, what came of it.",
        footer = {"", "Examples:", "  masugata logs", "  masugata logs s-7f3k --full", "  masugata logs -f"})
final class TranscriptCommand extends Options implements Callable<Integer> {
    /// Characters of a text that are shown without `--full`.
    private static final int SHOWN = 600;

    @Option(names = "-f", description = "go on as it happens")
    boolean follow;

    @Option(names = "--full", description = "whole texts; else their first " + SHOWN + " characters")
    boolean full;

    @Parameters(arity = "0..1", paramLabel = "S", description = "a session; the latest where none is named")
    @Nullable String session;

    @Override
    public Integer call() throws InterruptedException {
        try (var record = record()) {
            var id = session == null ? latest(record) : LogCommands.session(record, session);
            var transcript = new Transcript();
            var query = Query.ALL.withSession(id).withLimit(Query.MOST);
            long last = 0;
            do {
                var entries = record.entries(query.withAfter(last));
                for (var entry : entries) {
                    transcript.of(entry).ifPresent(this::show);
                    last = entry.seq();
                }
                if (entries.isEmpty() && follow) Thread.sleep(200);
                else if (entries.isEmpty()) return 0;
            } while (!System.out.checkError());
            return 0;
        }
    }

    static String latest(LedgerReader record) {
        return record.entries(Query.ALL.withNewestFirst()).stream().map(Entry::event).map(it -> it.session())
                .filter(it -> !it.isEmpty() && !it.equals("masugata")).findFirst()
                .orElseThrow(() -> new Failure(Failure.FAILED, "there is no session on record yet"));
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private void show(Turn turn) {
        if (json) {
            var said = turn.said().stream().map(it -> Json.object("speaker", it.speaker()).with("text", it.text()));
            System.out.println(JsonWriter.text(Json.object("seq", Json.of(turn.seq()))
                    .with("time", turn.time().toString()).with("title", turn.title())
                    .with("said", new Json.Arr(said.toList()))));
            return;
        }
        System.out.println(TIME.format(turn.time()) + "  " + Table.plain(turn.title()));
        for (var said : turn.said()) show(said);
    }

    private void show(Said said) {
        boolean whole = full || said.text().length() <= SHOWN;
        var text = whole ? said.text() : said.text().substring(0, SHOWN) + " ... (--full)";
        var speaker = (said.speaker() + " ".repeat(10)).substring(0, Math.max(10, said.speaker().length()));
        for (var line : text.split("\n")) {
            System.out.println("    " + speaker + "| " + Table.plain(line));
            speaker = " ".repeat(speaker.length());
        }
    }
}
