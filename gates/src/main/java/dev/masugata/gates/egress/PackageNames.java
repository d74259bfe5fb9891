package dev.masugata.gates.egress;

import dev.masugata.checkpoint.RegistryExit;
import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Inspector;
import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Looks at what an install would bring: at the name of each package, before its archive comes. A name that its
/// registry does not know, that is new, that has had one version, or that looks like one that everybody knows is a
/// serious finding; policy holds what has one. What the registry says is read by a call of Masugata's own.
public final class PackageNames implements Inspector {
    /// Bytes of what a registry says of one package.
    public static final int ANSWER_BYTES_MAX = 32 * 1024 * 1024;
    /// Names that are remembered, and how long.
    static final int REMEMBERED_MAX = 10_000;

    static final Duration REMEMBERED = Duration.ofHours(1);
    /// A package is new for so long.
    static final Duration NEW = Duration.ofDays(30);
    /// One that has had one version, or looks like another, is doubted for so long.
    static final Duration YOUNG = Duration.ofDays(365);

    private static final Limits LIMITS = new Limits(
            ANSWER_BYTES_MAX, Limits.DEPTH, 100_000, 4_000_000, ANSWER_BYTES_MAX, Limits.NUMBER_CHARS);

    private final List<PackageShapes> registries;
    private final Map<String, Set<String>> wellKnown;
    private final InstantSource clock;
    private final Map<String, Known> remembered = new ConcurrentHashMap<>();
    private Reads reads = url -> Optional.empty();

    /// What a registry says of a package.
    private sealed interface Said {
        /// @param born when its first version was published; empty: it does not say
        record About(Optional<Instant> born, int versions) implements Said {}

        record Nothing() implements Said {}

        record Unreadable() implements Said {}
    }

    private record Known(Said said, Instant until) {}

    /// Reads what a registry says; empty where it cannot be had.
    public interface Reads {
        Optional<RegistryExit.Answer> read(HttpUrl url);
    }

    /// @param own registries of the operator, beside those of the catalog
    public PackageNames(List<PackageShapes> own, InstantSource clock) {
        var hosts = catalog("hosts/hosts.json");
        var file = catalog("packages/packages.json");
        var all = new ArrayList<>(own);
        for (var item : hosts.items("registries"))
            if (item instanceof Json.Obj it)
                all.add(new PackageShapes(it.string("kind").orElseThrow(), texts(it, "files"),
                        it.string("lookup").orElseThrow()));
        this.registries = List.copyOf(all);
        this.wellKnown = file.object("wellKnown").members().keySet().stream().collect(Collectors.toUnmodifiableMap(
                kind -> kind, kind -> Set.copyOf(texts(file.object("wellKnown"), kind))));
        this.clock = clock;
    }

    /// The way to registries; before it is given nothing can be looked up, and every archive is doubted.
    public void by(Reads reads) {
        this.reads = reads;
    }

    private static Json.Obj catalog(String name) {
        try (var in = PackageNames.class.getResourceAsStream("/catalog/" + name)) {
            if (in == null) throw new IllegalStateException("`" + name + "` of the catalog is missing from this build");
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException | JsonException broken) {
            throw new IllegalStateException("`" + name + "` of the catalog cannot be read", broken);
        }
    }

    private static List<String> texts(Json.Obj it, String name) {
        return it.items(name).stream().filter(Json.Str.class::isInstance).map(one -> ((Json.Str) one).value()).toList();
    }

    /// Looks up what a request would bring, before it is judged: judging itself waits for nobody.
    void prepare(HttpUrl url, String method) {
        meant(url, method).ifPresent(it -> {
            var key = it.registry().lookup() + " " + it.name();
            var known = remembered.get(key);
            if (known != null && clock.instant().isBefore(known.until())) return;
            if (remembered.size() >= REMEMBERED_MAX) remembered.clear();
            var said = ask(it);
            // What could not be had is asked for again the next time.
            var until = said instanceof Said.Unreadable ? clock.instant() : clock.instant().plus(REMEMBERED);
            remembered.put(key, new Known(said, until));
        });
    }

    private record Meant(PackageShapes registry, String name) {}

    private Optional<Meant> meant(HttpUrl url, String method) {
        if (!method.equals("GET")) return Optional.empty();
        for (var registry : registries) {
            var name = registry.name(url);
            if (name.isPresent()) return Optional.of(new Meant(registry, name.get()));
        }
        return Optional.empty();
    }

    private Said ask(Meant it) {
        var answer = reads.read(it.registry().lookup(it.name()));
        if (answer.isEmpty()) return new Said.Unreadable();
        if (answer.get().status() == 404) return new Said.Nothing();
        if (answer.get().status() != 200) return new Said.Unreadable();
        try {
            return JsonReader.read(answer.get().body(), LIMITS) instanceof Json.Obj about
                    ? read(it.registry().kind(), about)
                    : new Said.Unreadable();
        } catch (JsonException unreadable) {
            return new Said.Unreadable();
        }
    }

    private static Said read(String kind, Json.Obj about) {
        return switch (kind) {
            case "npm" -> new Said.About(
                    instant(about.object("time").string("created")), about.object("versions").members().size());
            case "python" -> {
                var releases = about.object("releases").members();
                Optional<Instant> born = releases.values().stream()
                        .flatMap(files -> files instanceof Json.Arr(var items, _) ? items.stream() : List.<Json>of()
                                .stream())
                        .flatMap(file -> file instanceof Json.Obj one
                                ? instant(one.string("upload_time_iso_8601").or(() -> one.string("upload_time")))
                                        .stream()
                                : Optional.<Instant>empty().stream())
                        .min(Instant::compareTo);
                yield new Said.About(born, releases.size());
            }
            default -> new Said.About(
                    instant(about.object("crate").string("created_at")),
                    Math.max(about.items("versions").size(), about.object("crate").items("versions").size()));
        };
    }

    private static Optional<Instant> instant(Optional<String> text) {
        return text.flatMap(it -> {
            try {
                return Optional.of(it.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                        ? java.time.OffsetDateTime.parse(it).toInstant()
                        : LocalDateTime.parse(it).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException unreadable) {
                return Optional.empty();
            }
        });
    }

    @Override
    public Inspection inspect(Action action) {
        if (!(action instanceof Action.HttpRequest request)) return Inspection.NOTHING;
        var meant = meant(request.url(), request.method());
        if (meant.isEmpty()) return Inspection.NOTHING;
        var it = meant.get();
        var known = remembered.get(it.registry().lookup() + " " + it.name());
        var findings = new ArrayList<Finding>();
        switch (known == null ? new Said.Unreadable() : known.said()) {
            case Said.Unreadable() -> findings.add(found("package/not-looked-up"));
            case Said.Nothing() -> findings.add(found("package/unknown"));
            case Said.About(var born, int versions) -> {
                if (isWithin(born, NEW)) findings.add(found("package/new"));
                boolean doubted = born.isEmpty() || isWithin(born, YOUNG);
                if (versions <= 1 && doubted) findings.add(found("package/single-version"));
                if (doubted && likeness(it.registry().kind(), it.name()).isPresent())
                    findings.add(found("package/look-alike"));
            }
        }
        return Inspection.of(findings);
    }

    private boolean isWithin(Optional<Instant> born, Duration time) {
        return born.isPresent() && clock.instant().isBefore(born.get().plus(time));
    }

    private static Finding found(String rule) {
        return new Finding(rule, Severity.HIGH, "/url");
    }

    // --- likeness ---------------------------------------------------------------------------------------------------

    /// The well-known name that another one looks like; empty where it is one itself, or looks like none.
    Optional<String> likeness(String kind, String name) {
        var known = wellKnown.getOrDefault(kind, Set.of());
        var bare = name.substring(name.indexOf('/') + 1);
        if (known.contains(name)) return Optional.empty();
        for (var one : known) {
            // A scope is somebody's own: within it every name may be taken.
            if (!bare.equals(name)) continue;
            // The same words in another order, or with other separators.
            if (sameWords(bare, one) || one.length() >= 5 && isNear(folded(bare), folded(one)))
                return Optional.of(one);
        }
        return Optional.empty();
    }

    private static boolean sameWords(String name, String known) {
        if (name.equals(known)) return false;
        var words = words(name);
        return !words.isEmpty() && words.equals(words(known));
    }

    private static List<String> words(String name) {
        var words = new ArrayList<>(Arrays.asList(name.toLowerCase(Locale.ROOT).split("[-_.]+")));
        words.sort(null);
        return words;
    }

    /// `0` for `o` and `1` for `l`, and no separators.
    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "").replace('0', 'o').replace('1', 'l');
    }

    /// One letter more, less, other, or two in another order (Damerau): the slips of a hand.
    static boolean isNear(String name, String known) {
        int difference = name.length() - known.length();
        if (Math.abs(difference) > 1) return false;
        int same = 0;
        int most = Math.min(name.length(), known.length());
        while (same < most && name.charAt(same) == known.charAt(same)) same++;
        var rest = name.substring(same);
        var other = known.substring(same);
        if (difference == 1) return rest.substring(1).equals(other);
        if (difference == -1) return rest.equals(other.substring(1));
        if (rest.isEmpty()) return true;
        boolean replaced = rest.substring(1).equals(other.substring(1));
        boolean turned = rest.length() > 1 && rest.charAt(0) == other.charAt(1) && rest.charAt(1) == other.charAt(0)
                && rest.substring(2).equals(other.substring(2));
        return replaced || turned;
    }
}
