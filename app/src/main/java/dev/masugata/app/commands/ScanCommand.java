package dev.masugata.app.commands;

import dev.masugata.app.config.UserHome;
import dev.masugata.app.scan.Ignored;
import dev.masugata.app.scan.KeptInventory;
import dev.masugata.app.scan.Mending;
import dev.masugata.app.scan.ScanTable;
import dev.masugata.model.Inventory;
import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.scan.Bom;
import dev.masugata.scan.Grade;
import dev.masugata.scan.Inventories;
import dev.masugata.scan.Proc;
import dev.masugata.scan.Sarif;
import dev.masugata.scan.Scan;
import dev.masugata.scan.ScanLimits;
import dev.masugata.scan.Vulnerabilities;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `scan`: what agents are made of here, and what is weak in it.
@Command(
        name = "scan",
        description = {
            "Finds agents, their configuration, MCP servers, skills, models, packages and keys, and what is weak"
            + " in them.",
            "Without a path: this machine. It starts nothing that it finds, and asks nobody on the network."
        },
        footer = {
            "",
            "Exit code: 1 where something at or above --severity was found (another one with --exit-code), else 0.",
            "",
            "Examples:",
            "  masugata scan",
            "  masugata scan . --severity medium --format sarif > scan.sarif",
            "  masugata scan --fix",
            "  masugata scan . --osv osv.zip --kev kev.json --epss epss.csv.gz"
        })
final class ScanCommand extends Options implements Callable<Integer> {
    private enum Format {
        TABLE, JSON, SARIF, CYCLONEDX
    }

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "directories, repositories, files")
    List<Path> paths = List.of();

    @Option(names = "--format", paramLabel = "F", description = "table, json, sarif, cyclonedx (default: table)")
    String format = "table";

    @Option(names = "--severity", paramLabel = "S", description = "from which on it counts as failed (default: high)")
    String severity = "high";

    @Option(names = "--exit-code", paramLabel = "N", description = "the exit code where it failed (default: 1)")
    int exitCode = Failure.FAILED;

    @Option(names = "--fix", description = "mend what a file can be mended in: shows the difference, keeps a backup")
    boolean fix;

    @Option(names = "--osv", paramLabel = "FILE", description = "an OSV export: a zip, a directory of zips, or JSON")
    @Nullable Path osv;

    @Option(names = "--epss", paramLabel = "FILE", description = "EPSS scores, CSV, also compressed")
    @Nullable Path epss;

    @Option(names = "--kev", paramLabel = "FILE", description = "the catalog of exploited vulnerabilities, JSON")
    @Nullable Path kev;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "end after that; the next scan goes on there")
    long timeout = ScanLimits.TIME.toSeconds();

    @Override
    public Integer call() throws IOException {
        var wanted = choice(Format.class, "--format", json ? "json" : format);
        var least = choice(Severity.class, "--severity", severity);
        if (exitCode < 0 || exitCode > 255) throw new Failure(Failure.USAGE, "`--exit-code` takes 0 to 255");
        if (timeout < 1) throw new Failure(Failure.USAGE, "`--timeout` takes seconds");
        var result = scan();
        if (fix && mend(result.inventory())) result = scan();
        var ignored = Ignored.of(directory(), Clock.systemUTC());
        var shown = ignored.without(result.inventory());
        print(wanted, new Scan.Result(shown, result.coverage()), ignored);
        boolean failed = shown.weaknesses().stream().map(Weakness::severity).anyMatch(it -> it.compareTo(least) >= 0);
        if (!result.coverage().complete()) return Failure.FAILED;
        return failed ? exitCode : 0;
    }

    private Path directory() {
        var first = paths.isEmpty() ? UserHome.path() : paths.getFirst().toAbsolutePath().normalize();
        var parent = first.getParent();
        return Files.isDirectory(first) || parent == null ? first : parent;
    }

    private Scan.Result scan() throws IOException {
        for (var path : paths)
            if (!Files.exists(path)) throw new Failure(Failure.USAGE, "there is no `" + path + "`");
        var limits = new ScanLimits(ScanLimits.FILES, ScanLimits.DEPTH, ScanLimits.FILE_BYTES,
                Duration.ofSeconds(timeout));
        var kept = new KeptInventory(home(), paths);
        kept.resumed().ifPresent(file -> Commands.say("going on after `" + file + "`, where the last scan ended"));
        var result = paths.isEmpty()
                ? Scan.machine(homes(), Proc.read(System.getenv()), limits, kept)
                : Scan.paths(paths, limits, kept);
        var vulnerable = osv == null ? result.inventory() : vulnerabilities(osv).in(result.inventory());
        kept.keep(vulnerable, result.coverage().complete());
        return new Scan.Result(vulnerable, result.coverage());
    }

    private Vulnerabilities vulnerabilities(Path export) throws IOException {
        try {
            return Vulnerabilities.of(export, epss, kev);
        } catch (IllegalArgumentException unreadable) {
            throw new Failure(Failure.FAILED, String.valueOf(unreadable.getMessage()));
        }
    }

    private static List<Path> homes() {
        return List.of(UserHome.path());
    }

    private boolean mend(Inventory inventory) throws IOException {
        var mended = Mending.all(inventory, home(), directory());
        mended.forEach(it -> it.text().lines().forEach(line -> System.err.println(Table.plain(line))));
        if (mended.isEmpty()) Commands.say("nothing here can be mended in a file");
        return !mended.isEmpty();
    }

    private void print(Format wanted, Scan.Result result, Ignored ignored) {
        switch (wanted) {
            case TABLE -> ScanTable.print(System.out, result, ignored.notes(), Table::plain);
            case JSON -> print(Inventories.json(result.inventory())
                    .with("grade", Grade.of(result.inventory().weaknesses()).name())
                    .with("coverage", coverage(result)));
            case SARIF -> print(Sarif.of(result));
            case CYCLONEDX -> print(Bom.of(result.inventory(), Clock.systemUTC().instant()));
        }
    }

    private static Json coverage(Scan.Result result) {
        var coverage = result.coverage();
        var unread = new ArrayList<Json>();
        coverage.unread().forEach(it -> unread.add(Json.object("file", it.file()).with("why", it.why())));
        return Json.object("files", Json.of(coverage.files())).with("read", coverage.read())
                .with("bytes", coverage.bytes())
                .with("analysed", coverage.analysed()).with("complete", Json.of(coverage.complete()))
                .with("unread", new Json.Arr(unread));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String option, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            var words = List.of(type.getEnumConstants()).stream().map(it -> it.name().toLowerCase(Locale.ROOT))
                    .toList();
            throw new Failure(Failure.USAGE, "`" + option + "` takes " + String.join(", ", words) + ", not `" + word
                    + "`");
        }
    }
}
