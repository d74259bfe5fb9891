package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/// The operator's vulnerability files: an OSV export as it is published (a zip for each ecosystem, one entry in each of
/// its files), EPSS as CSV, KEV as JSON.
final class OsvFiles {
    /// Entries of one export.
    static final int ENTRIES = 2_000_000;
    /// Bytes of one entry.
    static final int ENTRY_BYTES = 8 * 1024 * 1024;
    /// Lines of scores.
    static final int SCORES = 2_000_000;

    private OsvFiles() {}

    static void entries(Path export, Consumer<Json.Obj> sink) throws IOException {
        if (Files.isDirectory(export)) {
            try (var files = Files.walk(export, 4)) {
                for (var file : files.filter(it -> it.toString().endsWith(".zip") || it.toString().endsWith(".json"))
                        .sorted().toList())
                    entries(file, sink);
            }
            return;
        }
        try (var in = Files.newInputStream(export)) {
            if (export.toString().endsWith(".zip")) zip(export, in, sink);
            else plain(export, in, sink);
        }
    }

    private static void zip(Path export, InputStream in, Consumer<Json.Obj> sink) throws IOException {
        int count = 0;
        try (var zip = new ZipInputStream(in)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.getName().endsWith(".json")) continue;
                if (++count > ENTRIES) throw new IllegalArgumentException("`" + export + "`: more than " + ENTRIES
                        + " entries");
                plain(export, zip, sink);
            }
        }
        if (count == 0) throw new IllegalArgumentException("`" + export + "` holds no OSV entry");
    }

    private static void plain(Path export, InputStream in, Consumer<Json.Obj> sink) throws IOException {
        var bytes = in.readNBytes(ENTRY_BYTES + 1);
        if (bytes.length > ENTRY_BYTES) throw new IllegalArgumentException("`" + export + "`: an entry is too long");
        switch (read(export, bytes)) {
            case Json.Obj one -> {
                one.items("vulns").forEach(it -> sink.accept((Json.Obj) it));
                if (one.at("affected").isPresent()) sink.accept(one);
            }
            case Json.Arr all -> all.items().forEach(it -> sink.accept((Json.Obj) it));
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ ->
                throw new IllegalArgumentException("`" + export + "` is no OSV entry");
        }
    }

    private static Json read(Path file, byte[] bytes) {
        try {
            return LenientJson.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (Unreadable bad) {
            throw new IllegalArgumentException("`" + file + "`: " + bad.why(), bad);
        }
    }

    static Map<String, Double> scores(Path epss) throws IOException {
        var scores = new HashMap<String, Double>();
        try (var in = Files.newInputStream(epss);
                var lines = new BufferedReader(new InputStreamReader(
                        epss.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null && scores.size() < SCORES; line = lines.readLine()) {
                var parts = line.split(",");
                if (parts.length > 1 && parts[0].startsWith("CVE-") && parts[1].matches("[0-9.eE-]+"))
                    scores.put(parts[0], Double.parseDouble(parts[1]));
            }
        }
        if (scores.isEmpty()) throw new IllegalArgumentException("`" + epss + "` holds no EPSS score");
        return scores;
    }

    static Set<String> exploited(Path kev) throws IOException {
        try (var in = Files.newInputStream(kev)) {
            var tree = read(kev, in.readNBytes(64 * 1024 * 1024));
            var ids = new HashSet<String>();
            if (tree instanceof Json.Obj object)
                for (var one : object.items("vulnerabilities"))
                    if (one instanceof Json.Obj entry) entry.string("cveID").ifPresent(ids::add);
            if (ids.isEmpty()) throw new IllegalArgumentException("`" + kev
                    + "` is no catalog of exploited vulnerabilities");
            return ids;
        }
    }
}
