package dev.masugata.app.commands;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Payload;
import dev.masugata.ledger.ProofCheck;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `log` and what is below it: the record. All but `erase` also work without a gate.
final class LogCommands {
    /// Entries shown where nobody says otherwise.
    private static final int SHOWN = 50;

    private LogCommands() {}

    @Command(
            name = "log",
            description = "Shows what happened.",
            subcommands = {Show.class, Verify.class, Prove.class, Check.class, Export.class, Erase.class},
            footer = {
                "",
                "Examples:",
                "  masugata log -f",
                "  masugata log --since 2h --denied",
                "  masugata log show d-41",
                "  masugata log verify --checkpoint kept.txt"
            })
    static final class Log extends Options implements Callable<Integer> {
        @Option(names = "-f", description = "go on as it happens")
        boolean follow;

        @Option(names = "--since", paramLabel = "TIME", description = "so long ago (2h), or a time")
        @Nullable String since;

        @Option(names = "--session", paramLabel = "S", description = "of one session")
        @Nullable String session;

        @Option(names = "--denied", description = "only what was held, denied or quarantined")
        boolean denied;

        @Option(names = "-n", paramLabel = "COUNT", description = "at most so many, the latest (default: 50)")
        int count = SHOWN;

        @Override
        public Integer call() throws InterruptedException {
            if (count < 1 || count > Query.MOST) throw new Failure(Failure.USAGE, "`-n` takes 1 to " + Query.MOST);
            try (var record = record()) {
                var query = Query.ALL.withLimit(since == null ? count : Query.MOST);
                if (since != null) query = query.withSince(since(since, Instant.now()));
                if (session != null) query = query.withSession(session(record, session));
                if (denied) query = query.withDenied();
                var entries = since == null ? record.entries(query.withNewestFirst()).reversed() : record.entries(query);
                entries.forEach(this::show);
                if (follow) follow(record, query, entries);
                return 0;
            }
        }

        private void follow(LedgerReader record, Query query, List<Entry> shown) throws InterruptedException {
            long last = shown.isEmpty() ? record.size() : shown.getLast().seq();
            while (!System.out.checkError()) {
                for (var entry : record.entries(query.withAfter(last).withLimit(Query.MOST))) {
                    show(entry);
                    last = entry.seq();
                }
                Thread.sleep(200);
            }
        }

        private void show(Entry entry) {
            System.out.println(json ? JsonWriter.text(json(entry)) : line(entry));
        }
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private static String line(Entry entry) {
        var it = entry.event();
        var what =
                switch (it) {
                    case Event.Asked e -> "asked     " + e.kind().word() + " " + e.target();
                    case Event.Decided e ->
                        padded(e.outcome().word()) + e.kind().word() + " " + e.target() + "  d-" + entry.seq()
                                + e.because().stream().findFirst().map(reason -> "  " + reason.id()).orElse("");
                    case Event.Held e -> "held      " + e.kind().word() + " " + e.target() + "  a-" + entry.seq() + "  " + e.question();
                    case Event.Answered e -> (e.approved() ? "approved  a-" : "refused   a-") + e.held();
                    case Event.Done e -> "done      d-" + e.decided() + "  " + e.outcome() + "  " + e.micros() / 1000 + " ms";
                    case Event.Found e -> "found     " + e.finding().rule() + "  " + e.finding().severity().word() + "  " + e.finding().place();
                    case Event.Changed e -> "changed   " + e.subject().word() + " " + e.name() + " " + e.change();
                };
        return entry.seq() + "  " + TIME.format(entry.time()) + "  " + (it.session().isEmpty() ? "-" : it.session()) + "  " + it.principal() + "  "
                + Table.plain(what);
    }

    private static String padded(String word) {
        return word + " ".repeat(Math.max(1, 10 - word.length()));
    }

    private static Json.Obj json(Entry entry) {
        var it = entry.event();
        var line = Json.object("seq", Json.of(entry.seq()))
                .with("time", entry.time().toString())
                .with("session", it.session())
                .with("principal", it.principal());
        line =
                switch (it) {
                    case Event.Asked e -> line.with("type", "asked").with("kind", e.kind().word()).with("target", e.target()).with("digest", e.digest());
                    case Event.Decided e ->
                        line.with("type", "decided").with("kind", e.kind().word()).with("target", e.target())
                                .with("outcome", e.outcome().word()).with("asked", e.asked()).with("digest", e.digest())
                                .with("because", Json.strings(e.because().stream().map(reason -> reason.id()).toList()))
                                .with("policy", e.policy()).with("approval", e.approval());
                    case Event.Held e ->
                        line.with("type", "held").with("kind", e.kind().word()).with("target", e.target())
                                .with("question", e.question()).with("expires", e.expires().toString());
                    case Event.Answered e -> line.with("type", "answered").with("held", e.held()).with("approved", Json.of(e.approved()));
                    case Event.Done e ->
                        line.with("type", "done").with("decided", e.decided()).with("outcome", e.outcome())
                                .with("bytesOut", e.bytesOut()).with("bytesIn", e.bytesIn()).with("micros", e.micros());
                    case Event.Found e ->
                        line.with("type", "found").with("about", e.about()).with("rule", e.finding().rule())
                                .with("severity", e.finding().severity().word()).with("place", e.finding().place());
                    case Event.Changed e ->
                        line.with("type", "changed").with("subject", e.subject().word()).with("name", e.name())
                                .with("change", e.change()).with("detail", e.detail());
                };
        return entry.payload() == Payload.KEPT ? line.with("payload", it.payload()) : line;
    }

    @Command(name = "show", description = "Prints one entry with its content.", footer = {"", "Example:", "  masugata log show d-41"})
    static final class Show extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "an entry's number, a decision d-41 or an approval a-12")
        String id = "";

        @Override
        public Integer call() {
            try (var record = record()) {
                var entry = record.entry(number(id)).filter(it -> isNamed(it, id))
                        .orElseThrow(() -> new Failure(Failure.FAILED, "there is no entry `" + id + "`"));
                if (json) {
                    print(json(entry));
                    return 0;
                }
                System.out.println(line(entry));
                System.out.println(Table.plain(JsonWriter.text(json(entry))));
                if (entry.payload() == Payload.ERASED) System.out.println("its content was erased");
                if (entry.event() instanceof Event.Decided && record.unknownOutcomes().contains(entry.seq()))
                    System.out.println("outcome unknown: the gate went down before its end was recorded");
                return 0;
            }
        }
    }

    /// `d-41` is a decision and `a-12` a question to a person; a number is any entry.
    static boolean isNamed(Entry entry, String id) {
        if (id.startsWith("d-")) return entry.event() instanceof Event.Decided;
        return !id.startsWith("a-") || entry.event() instanceof Event.Held;
    }

    @Command(
            name = "verify",
            description = "Recomputes the whole record and names the first entry that is not as it was.",
            footer = {"", "Examples:", "  masugata log verify", "  masugata log verify --checkpoint kept.txt"})
    static final class Verify extends Options implements Callable<Integer> {
        @Option(names = "--checkpoint", paramLabel = "FILE", description = "a checkpoint that was kept elsewhere: finds truncation, rollback, fork and re-signing")
        @Nullable Path checkpoint;

        @Override
        public Integer call() {
            var kept = checkpoint == null ? Optional.<String>empty() : Optional.of(text("checkpoint", checkpoint));
            try (var record = record()) {
                var report = record.verify(kept);
                if (json) {
                    print(Json.object("holds", Json.of(report.holds()))
                            .with("events", report.events())
                            .with("dropped", report.dropped())
                            .with("erased", report.erased())
                            .with("anchored", Json.of(report.anchored()))
                            .with("checkpoint", report.checkpoint())
                            .with("bad", Json.strings(report.bad().stream().map(Object::toString).toList())));
                    return report.holds() ? 0 : Failure.FAILED;
                }
                System.out.println(report.events() + " events" + (report.dropped() > 0 ? ", " + report.dropped() + " dropped by retention" : "")
                        + (report.erased() > 0 ? ", " + report.erased() + " contents erased" : ""));
                System.out.print(report.checkpoint());
                if (!report.tagged()) System.out.println("the key outside the database could not be read: forged events could not be told");
                if (report.unsigned() > 0)
                    System.out.println(report.unsigned() + " of them came after the last signed checkpoint on disk:"
                            + " that no entry is missing behind them cannot be told");
                System.out.println(report.anchored() ? "anchored" : "unanchored: nobody outside this machine has witnessed a checkpoint; keep one elsewhere");
                report.bad().stream().limit(20).forEach(bad -> System.out.println("BAD  " + Table.plain(bad.toString())));
                System.out.println(report.holds() ? "the record holds" : "the record does NOT hold; the first bad entry is " + report.first().orElseThrow().seq());
                return report.holds() ? 0 : Failure.FAILED;
            }
        }
    }

    @Command(name = "prove", description = "Prints a proof that an entry is in the record; anybody can check it.", footer = {"", "Example:", "  masugata log prove d-41 > proof.txt"})
    static final class Prove extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "ID")
        String id = "";

        @Override
        public Integer call() {
            try (var record = record()) {
                var proof = record.entry(number(id)).filter(it -> isNamed(it, id)).flatMap(_ -> record.prove(number(id)))
                        .orElseThrow(() -> new Failure(Failure.FAILED, "there is no entry `" + id + "`"));
                if (json) print(Json.object("proof", proof).with("key", record.publicKey()));
                else {
                    System.out.print(proof);
                    System.err.println("masugata: check it with: masugata log check FILE --key '" + record.publicKey() + "'");
                }
                return 0;
            }
        }
    }

    @Command(name = "check", description = "Checks a proof, with nothing but a public key.", footer = {"", "Example:", "  masugata log check proof.txt --key 'masugata/...'"})
    static final class Check extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        Path file = Path.of("");

        @Option(names = "--key", required = true, paramLabel = "KEY", description = "from somebody you trust, not from the proof")
        String key = "";

        @Override
        public Integer call() {
            return switch (ProofCheck.check(text("proof", file), key)) {
                case ProofCheck.Holds(long seq, var entry, var origin, long size) -> {
                    System.out.println("entry " + seq + " of " + size + " in " + origin);
                    System.out.println(Table.plain(entry));
                    yield 0;
                }
                case ProofCheck.Fails(var why) -> throw new Failure(Failure.FAILED, "not proven: " + why);
            };
        }
    }

    @Command(
            name = "export",
            description = "Writes the record in a common form.",
            footer = {"", "Examples:", "  masugata log export --format jsonl > log.jsonl", "  masugata log export --format tiles --to tiles/"})
    static final class Export extends Options implements Callable<Integer> {
        @Option(names = "--format", required = true, paramLabel = "FORM", description = "jsonl, ocsf or tiles")
        String format = "";

        @Option(names = "--to", paramLabel = "DIR", description = "for tiles: where to")
        @Nullable Path to;

        @Override
        public Integer call() {
            try (var record = record()) {
                switch (format) {
                    case "jsonl" -> record.exportJsonl(System.out);
                    case "ocsf" -> record.exportOcsf(System.out);
                    case "tiles" -> {
                        if (to == null) throw new Failure(Failure.USAGE, "`--format tiles` needs `--to DIR`");
                        record.exportTiles(to).forEach(it -> System.err.println("masugata: left out, entries in it were dropped: " + it));
                    }
                    default -> throw new Failure(Failure.USAGE, "`--format` is jsonl, ocsf or tiles, not `" + format + "`");
                }
                System.out.flush();
                return 0;
            }
        }
    }

    @Command(
            name = "erase",
            description = "Erases the contents on record of a session or a person; the proofs still hold.",
            footer = {"", "Examples:", "  masugata log erase --session s-7f3k", "  masugata log erase --user alice"})
    static final class Erase extends Options implements Callable<Integer> {
        @Option(names = "--session", paramLabel = "S")
        @Nullable String session;

        @Option(names = "--user", paramLabel = "NAME")
        @Nullable String user;

        @Override
        public Integer call() {
            if ((session == null) == (user == null)) throw new Failure(Failure.USAGE, "name one: `--session S` or `--user NAME`");
            var request = session != null ? request("erase").with("session", session) : request("erase").with("user", SessionCommands.or(user));
            var answer = ask(request);
            if (json) print(answer);
            else System.out.println(answer.integer("erased").orElse(0L) + " contents erased");
            return 0;
        }
    }

    /// The entry's number in `41`, `d-41` or `a-41`.
    static long number(String id) {
        try {
            return Long.parseLong(id.startsWith("d-") || id.startsWith("a-") ? id.substring(2) : id);
        } catch (NumberFormatException wrong) {
            throw new Failure(Failure.FAILED, "there is no entry `" + id + "`: write 41, d-41 or a-12");
        }
    }

    private static String text(String what, Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new Failure(Failure.FAILED, "the " + what + " `" + file + "` cannot be read: there is no such file");
        } catch (IOException unreadable) {
            var why = unreadable instanceof AccessDeniedException ? "it may not be read" : "it is no text file";
            throw new Failure(Failure.FAILED, "the " + what + " `" + file + "` cannot be read: " + why);
        }
    }

    static Instant since(String text, Instant now) {
        var ago = ConfigFile.duration(text);
        if (ago.isPresent()) return now.minus(ago.get());
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new Failure(Failure.USAGE, "`" + text + "` is no time: write 2h, 7d or 2026-01-31T09:00:00Z");
        }
    }

    static String session(LedgerReader record, String prefix) {
        var matching = record.standing().sessions().all().stream().map(it -> it.id()).filter(it -> it.startsWith(prefix) || it.startsWith("s-" + prefix)).toList();
        if (matching.size() == 1 || matching.contains(prefix)) return matching.contains(prefix) ? prefix : matching.getFirst();
        throw new Failure(Failure.FAILED, matching.isEmpty() ? "there is no session `" + prefix + "`" : "`" + prefix + "` could be " + String.join(", ", matching));
    }
}
