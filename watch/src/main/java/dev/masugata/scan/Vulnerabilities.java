package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Known vulnerabilities of packages, from files that the operator brings: OSV entries, ranked by what is exploited
/// (KEV),
/// by how probable that is (EPSS), and by severity.
public final class Vulnerabilities {
    /// EPSS from which on it counts as one step worse.
    private static final double PROBABLE = 0.1;
    private static final Map<String, String> ECOSYSTEMS = Map.of(
            "npm", "npm", "PyPI", "pypi", "Go", "golang", "crates.io", "cargo", "Maven", "maven", "RubyGems", "gem",
            "Packagist", "composer", "NuGet", "nuget");

    /// @param ranges introduced and fixed or last affected, each empty where it is open
    private record Entry(String id, List<String> aliases, Severity severity, List<String[]> ranges,
            Set<String> versions) {}

    private final Map<String, List<Entry>> byPackage = new HashMap<>();
    private final Map<String, Double> probable;
    private final Set<String> exploited;

    private Vulnerabilities(Map<String, Double> probable, Set<String> exploited) {
        this.probable = probable;
        this.exploited = exploited;
    }

    /// @throws IllegalArgumentException names the file that is none
    public static Vulnerabilities of(Path osv, @Nullable Path epss, @Nullable Path kev) throws IOException {
        var made = new Vulnerabilities(
                epss == null ? Map.of() : OsvFiles.scores(epss), kev == null ? Set.of() : OsvFiles.exploited(kev));
        OsvFiles.entries(osv, made::add);
        return made;
    }

    private void add(Json.Obj entry) {
        if (entry.at("withdrawn").isPresent()) return;
        for (var one : entry.items("affected")) {
            if (!(one instanceof Json.Obj affected)) continue;
            var pack = affected.object("package");
            var ecosystem = ECOSYSTEMS.get(pack.string("ecosystem").orElse("").replaceFirst(":.*$", ""));
            if (ecosystem == null) continue;
            var name = pack.string("name").orElse("");
            var key = ecosystem + " " + (ecosystem.equals("pypi") ? Lockfiles.pypi(name) : name);
            byPackage.computeIfAbsent(key, _ -> new ArrayList<>()).add(new Entry(
                    entry.string("id").orElse("?"), entry.items("aliases").stream().map(Tree::word).toList(),
                    severity(entry), ranges(affected),
                    Set.copyOf(affected.items("versions").stream().map(Tree::word).toList())));
        }
    }

    private static Severity severity(Json.Obj entry) {
        return switch (entry.object("database_specific").string("severity").orElse("").toUpperCase(Locale.ROOT)) {
            case "CRITICAL" -> Severity.CRITICAL;
            case "HIGH" -> Severity.HIGH;
            case "LOW" -> Severity.LOW;
            case String _ -> Severity.MEDIUM;
        };
    }

    private static List<String[]> ranges(Json.Obj affected) {
        var ranges = new ArrayList<String[]>();
        for (var one : affected.items("ranges")) {
            if (!(one instanceof Json.Obj range) || range.string("type").orElse("").equals("GIT")) continue;
            var from = "";
            for (var each : range.items("events")) {
                if (!(each instanceof Json.Obj event)) continue;
                if (event.string("introduced").isPresent()) {
                    from = event.string("introduced").get();
                    ranges.add(new String[] {from, "", ""});
                } else if (!ranges.isEmpty()) {
                    ranges.set(ranges.size() - 1, new String[] {
                        from, event.string("fixed").orElse(""), event.string("last_affected").orElse("")});
                }
            }
        }
        return ranges;
    }

    /// The inventory with what is known of its packages.
    public Inventory in(Inventory inventory) {
        var all = new ArrayList<>(inventory.weaknesses());
        for (var asset : inventory.assets()) {
            if (!asset.kind().equals("Package")) continue;
            var version = String.valueOf(asset.attributes().getOrDefault("version", ""));
            for (var entry : byPackage.getOrDefault(asset.attributes().get("ecosystem") + " " + asset.name(),
                    List.of()))
                if (!version.isEmpty()) affects(entry, version)
                        .ifPresent(fixed -> all.add(weakness(asset, entry, fixed)));
        }
        all.sort(Comparator.comparing(Weakness::severity).reversed().thenComparing(Weakness::check)
                .thenComparing(Weakness::file).thenComparing(Weakness::id));
        return new Inventory(inventory.assets(), inventory.relations(), all);
    }

    /// The version that mends it, empty text if there is none; nothing if it does not affect this one.
    private static Optional<String> affects(Entry entry, String version) {
        for (var range : entry.ranges()) {
            boolean since = range[0].equals("0") || Versions.compare(version, range[0]) >= 0;
            boolean before = range[1].isEmpty()
                    ? range[2].isEmpty() || Versions.compare(version, range[2]) <= 0
                    : Versions.compare(version, range[1]) < 0;
            if (since && before) return Optional.of(range[1]);
        }
        return entry.versions().contains(version) ? Optional.of("") : Optional.empty();
    }

    private Weakness weakness(Asset asset, Entry entry, String fixed) {
        boolean malicious = entry.id().startsWith("MAL-");
        var check = Catalog.shipped().check(malicious ? "DEP-002" : "DEP-001").orElseThrow();
        var severity = malicious ? Severity.CRITICAL : entry.severity();
        double score = entry.aliases().stream().mapToDouble(it -> probable.getOrDefault(it, 0.0)).max().orElse(0);
        boolean used = entry.aliases().stream().anyMatch(exploited::contains);
        if (used) severity = Severity.CRITICAL;
        else if (score >= PROBABLE && severity.compareTo(Severity.HIGH) < 0) severity = Severity.HIGH;
        var says = asset.name() + " " + asset.attributes().get("version") + ": " + entry.id()
                + (used ? ", exploited" : score > 0 ? String.format(Locale.ROOT, ", EPSS %.3f", score) : "");
        var file = asset.attributes().get("files") instanceof List<?> files && !files.isEmpty()
                ? String.valueOf(files.getFirst()) : "";
        var id = check.id().toLowerCase(Locale.ROOT) + "-" + Sha256.hex(entry.id() + "\0" + asset.id())
                .substring(0, 12);
        return new Weakness(id, check.id(), severity, asset.id(), file, 0, says,
                fixed.isEmpty() ? check.mend() : "Take " + fixed + " or newer.");
    }
}
