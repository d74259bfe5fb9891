package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/// Holds the catalog's checks against subjects.
final class Judge {
    /// Characters of an id's digest.
    private static final int ID = 12;

    private final Catalog catalog;
    private final Found found;
    private final Map<String, Literals> words = new HashMap<>();

    Judge(Catalog catalog, Found found) {
        this.catalog = catalog;
        this.found = found;
        for (var kind : Texts.kinds())
            words.put(kind, Literals.of(catalog.on(kind).stream()
                    .flatMap(it -> it.signals().stream()).flatMap(it -> it.keywords().stream()).toList()));
    }

    /// All checks of the subject's kind that ask of its tree.
    void look(Subject subject) {
        for (var check : catalog.on(subject.on())) {
            if (check.when().isEmpty() || !check.signals().isEmpty()) continue;
            if (!check.agents().isEmpty() && !check.agents().contains(subject.agent())) continue;
            var places = check.when().get().holds(subject.tree());
            if (places.isEmpty()) continue;
            // Where the tree is our own form of a thing, the thing's place says more than the form's.
            if (!subject.under().isEmpty()) report(check, subject, List.of());
            else for (var place : places.subList(0, Math.min(places.size(), Signal.MOST))) report(check, subject,
                    place.path());
        }
    }

    private void report(Check check, Subject subject, List<String> below) {
        var path = new ArrayList<>(subject.under());
        path.addAll(below);
        int line = subject.text().isEmpty() ? 0 : Tree.line(subject.text(), path);
        weak(check, subject.asset(), subject.file(), line, String.join(".", path));
    }

    /// All checks of the kind that look for signs in a text.
    void read(String kind, Asset asset, String file, String text) {
        signs(kind, text, (check, hit) ->
                weak(check, asset, file, Tree.lineAt(text, hit.from()), hit.signal().name()));
    }

    /// Whether a check of the kind finds its signs in the text.
    boolean fires(String kind, String text) {
        var any = new AtomicBoolean();
        signs(kind, text, (_, _) -> any.set(true));
        return any.get();
    }

    private void signs(String kind, String text, BiConsumer<Check, Signal.Hit> sink) {
        var literals = words.get(kind);
        if (literals == null) throw new IllegalArgumentException("no texts of kind `" + kind + "`");
        var stands = literals.in(text);
        if (stands.isEmpty()) return;
        for (var check : catalog.on(kind)) {
            if (check.signals().isEmpty()) continue;
            var hits = new ArrayList<Signal.Hit>();
            for (var signal : check.signals())
                if (signal.keywords().stream().anyMatch(it -> stands.get(literals.index(it))))
                    hits.addAll(signal.hits(text, check.polarity()));
            together(check, hits).ifPresent(hit -> sink.accept(check, hit));
        }
    }

    /// The first place where as many different signs as the check needs stand near each other.
    private static Optional<Signal.Hit> together(Check check, List<Signal.Hit> hits) {
        hits.sort(Comparator.comparingInt(Signal.Hit::from));
        for (int i = 0; i < hits.size(); i++) {
            var names = new HashSet<String>();
            for (int j = i; j < hits.size() && hits.get(j).from() - hits.get(i).from() <= check.near(); j++)
                names.add(hits.get(j).signal().name());
            if (names.size() >= check.need()) return Optional.of(hits.get(i));
        }
        return Optional.empty();
    }

    /// What a look of its own found, under the catalog entry that it belongs to.
    void weak(String check, Asset asset, String file, int line, String place) {
        weak(catalog.check(check).orElseThrow(), asset, file, line, place);
    }

    void weak(String check, Severity severity, Asset asset, String file, String place, String mend) {
        var entry = catalog.check(check).orElseThrow();
        add(entry, severity, asset, file, 0, place, mend);
    }

    private void weak(Check check, Asset asset, String file, int line, String place) {
        add(check, check.severity(), asset, file, line, place, check.mend());
    }

    private void add(Check check, Severity severity, Asset asset, String file, int line, String place, String mend) {
        var says = place.isEmpty() ? check.title() : check.title() + ": `" + place + "`";
        found.add(new Weakness(id(check.id(), asset.id(), file, place), check.id(), severity, asset.id(), file, line,
                says, mend));
    }

    /// Of check, thing and place; not of the line, which moves.
    private static String id(String check, String asset, String file, String place) {
        return check.toLowerCase(Locale.ROOT) + "-"
                + Sha256.hex(check + "\0" + asset + "\0" + file + "\0" + place).substring(0, ID);
    }
}
