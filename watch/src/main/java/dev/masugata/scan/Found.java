package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Relation;
import dev.masugata.model.Weakness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a scan has found so far. Several threads add to it; what comes out is in one order.
final class Found {
    private final Map<String, Asset> assets = new LinkedHashMap<>();
    private final Set<Relation> relations = new LinkedHashSet<>();
    private final Map<String, Weakness> weaknesses = new TreeMap<>();
    private final List<Coverage.Unread> unread = new ArrayList<>();
    private long left;

    /// An asset that is known already keeps what is known of it and learns the rest.
    synchronized Asset add(String kind, String id, String name, Map<String, Object> attributes) {
        var known = assets.get(id);
        var all = new TreeMap<String, Object>(attributes);
        if (known != null) known.attributes().forEach((attribute, value) -> all.merge(attribute, value, Found::both));
        var asset = new Asset(kind, id, known == null ? name : known.name(), all);
        assets.put(id, asset);
        return asset;
    }

    private static Object both(Object told, Object known) {
        if (!(told instanceof List<?> some) || !(known instanceof List<?> others)) return known;
        var all = new TreeSet<String>();
        some.forEach(it -> all.add(String.valueOf(it)));
        others.forEach(it -> all.add(String.valueOf(it)));
        return List.copyOf(all);
    }

    synchronized void relate(String kind, String from, String to) {
        relations.add(new Relation(kind, from, to));
    }

    synchronized void add(Weakness weakness) {
        weaknesses.putIfAbsent(weakness.id(), weakness);
    }

    /// What an earlier scan had found already.
    synchronized void recall(Inventory earlier) {
        earlier.assets().forEach(it -> assets.put(it.id(), it));
        relations.addAll(earlier.relations());
        earlier.weaknesses().forEach(this::add);
    }

    synchronized void unread(String file, String why) {
        if (unread.size() < Coverage.UNREAD) unread.add(new Coverage.Unread(file, why));
        else left++;
    }

    synchronized List<Coverage.Unread> unread() {
        var all = new ArrayList<>(unread);
        all.sort(Comparator.comparing(Coverage.Unread::file));
        if (left > 0) all.add(new Coverage.Unread("", left + " more"));
        return all;
    }

    synchronized Optional<Asset> asset(String id) {
        return Optional.ofNullable(assets.get(id));
    }

    synchronized List<Asset> assets(String kind) {
        return assets.values().stream().filter(it -> it.kind().equals(kind)).toList();
    }

    synchronized List<Relation> relations() {
        return List.copyOf(relations);
    }

    /// Worst first, then by file and check; relations only between what is there.
    synchronized Inventory inventory() {
        var things = assets.values().stream().sorted(Comparator.comparing(Asset::kind).thenComparing(Asset::id))
                .toList();
        var ties = relations.stream()
                .filter(it -> assets.containsKey(it.from()) && assets.containsKey(it.to()))
                .sorted(Comparator.comparing(Relation::from).thenComparing(Relation::kind).thenComparing(Relation::to))
                .toList();
        var weak = weaknesses.values().stream()
                .sorted(Comparator.comparing(Weakness::severity).reversed()
                        .thenComparing(Weakness::check).thenComparing(Weakness::file).thenComparing(Weakness::id))
                .toList();
        return new Inventory(things, ties, weak);
    }
}
