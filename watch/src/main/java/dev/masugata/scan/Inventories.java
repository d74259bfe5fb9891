package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Relation;
import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An inventory as JSON and back: `assets`, `relations`, `weaknesses`.
public final class Inventories {
    private Inventories() {}

    public static Json.Obj json(Inventory inventory) {
        return Json.object("assets", new Json.Arr(inventory.assets().stream().map(Inventories::asset).toList()))
                .with("relations", new Json.Arr(inventory.relations().stream().map(Inventories::relation).toList()))
                .with("weaknesses", new Json.Arr(inventory.weaknesses().stream().map(Inventories::weakness).toList()));
    }

    private static Json.Obj asset(Asset asset) {
        return Json.object("kind", asset.kind()).with("id", asset.id()).with("name", asset.name())
                .with("attributes", attributes(asset.attributes()));
    }

    private static Json.Obj relation(Relation relation) {
        return Json.object("kind", relation.kind()).with("from", relation.from()).with("to", relation.to())
                .with("attributes", attributes(relation.attributes()));
    }

    public static Json.Obj weakness(Weakness it) {
        return Json.object("id", it.id()).with("check", it.check()).with("severity", it.severity().word())
                .with("asset", it.asset()).with("file", it.file()).with("line", it.line()).with("says", it.says())
                .with("mend", it.mend());
    }

    static Json.Obj attributes(Map<String, Object> attributes) {
        var members = new TreeMap<String, Json>();
        attributes.forEach((name, value) -> members.put(name, switch (value) {
            case Long number -> number < 1L << 53 ? Json.of(number) : Json.of(Long.toString(number));
            case Boolean truth -> Json.of(truth);
            case List<?> list -> Json.strings(list.stream().map(String::valueOf).toList());
            case Object other -> Json.of(other.toString());
        }));
        return new Json.Obj(members, null);
    }

    /// @throws IllegalArgumentException if it is none
    public static Inventory of(Json.Obj json) {
        var assets = new ArrayList<Asset>();
        for (var one : json.items("assets")) {
            var it = (Json.Obj) one;
            assets.add(new Asset(text(it, "kind"), text(it, "id"), text(it, "name"), values(it.object("attributes"))));
        }
        var relations = new ArrayList<Relation>();
        for (var one : json.items("relations")) {
            var it = (Json.Obj) one;
            relations.add(new Relation(text(it, "kind"), text(it, "from"), text(it, "to"),
                    values(it.object("attributes"))));
        }
        var weaknesses = new ArrayList<Weakness>();
        for (var one : json.items("weaknesses")) {
            var it = (Json.Obj) one;
            weaknesses.add(new Weakness(text(it, "id"), text(it, "check"),
                    Severity.valueOf(text(it, "severity").toUpperCase(java.util.Locale.ROOT)), text(it, "asset"),
                    text(it, "file"), it.integer("line").orElse(0L).intValue(), text(it, "says"), text(it, "mend")));
        }
        return new Inventory(assets, relations, weaknesses);
    }

    private static String text(Json.Obj json, String name) {
        return json.string(name).orElseThrow(() -> new IllegalArgumentException("`" + name + "` is missing"));
    }

    private static Map<String, Object> values(Json.Obj json) {
        var values = new TreeMap<String, Object>();
        json.members().forEach((name, value) -> values.put(name, switch (value) {
            case Json.Num number -> number.asLong().orElseThrow(() -> new IllegalArgumentException("`" + name + "`"));
            case Json.Bool truth -> truth.value();
            case Json.Arr list -> list.items().stream().map(Tree::word).toList();
            case Json.Str text -> text.value();
            case Json.Obj _, Json.Null _ -> throw new IllegalArgumentException("`" + name + "` is no attribute");
        }));
        return values;
    }
}
