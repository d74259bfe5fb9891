package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// What agents are made of as a CycloneDX 1.6 bill of materials: models, packages and agents as components, MCP servers
/// as services, weaknesses as vulnerabilities, relations as dependencies.
public final class Bom {
    private Bom() {}

    public static Json.Obj of(Inventory inventory, Instant now) {
        var components = new ArrayList<Json>();
        var services = new ArrayList<Json>();
        for (var asset : inventory.assets()) {
            switch (asset.kind()) {
                case "McpServer", "Endpoint" -> services.add(service(asset));
                // Keys are in no bill: they are nothing that something is made of.
                case "Credential", "Machine", "Repository", "Process" -> {}
                default -> components.add(component(asset));
            }
        }
        return Json.object("bomFormat", "CycloneDX").with("specVersion", "1.6")
                .with("serialNumber", serial(inventory)).with("version", 1)
                .with("metadata", Json.object("timestamp", now.truncatedTo(ChronoUnit.SECONDS).toString())
                        .with("tools", Json.object("components", new Json.Arr(List.of(
                                Json.object("type", "application").with("name", "masugata"))))))
                .with("components", new Json.Arr(components)).with("services", new Json.Arr(services))
                .with("dependencies", dependencies(inventory)).with("vulnerabilities", vulnerabilities(inventory));
    }

    /// The same things have the same number (a UUID of version 8 made of their ids).
    private static String serial(Inventory inventory) {
        var ids = new StringBuilder();
        inventory.assets().forEach(it -> ids.append(it.id()).append('\n'));
        var hex = Sha256.hex(ids.toString());
        return "urn:uuid:" + hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-8" + hex.substring(13, 16) + "-a"
                + hex.substring(17, 20) + "-" + hex.substring(20, 32);
    }

    private static Json component(Asset asset) {
        var type = switch (asset.kind()) {
            case "Model" -> "machine-learning-model";
            case "Package" -> Boolean.TRUE.equals(asset.attributes().get("ai")) ? "framework" : "library";
            case "Image", "Workload" -> "container";
            case "Instructions" -> "data";
            case String _ -> "application";
        };
        var component = Json.object("type", type).with("bom-ref", asset.id()).with("name", asset.name());
        var version = text(asset, "version");
        if (!version.isEmpty()) component = component.with("version", version);
        if (asset.kind().equals("Package")) component = component.with("purl", asset.id());
        if (asset.attributes().containsKey("vendor"))
            component = component.with("supplier", Json.object("name", text(asset, "vendor")));
        if (asset.attributes().containsKey("digest"))
            component = component.with("hashes", new Json.Arr(List.of(
                    Json.object("alg", "SHA-256").with("content", text(asset, "digest")))));
        if (asset.kind().equals("Model"))
            component = component.with("modelCard", Json.object("modelParameters",
                    Json.object("inputs", new Json.Arr(List.of()))));
        return component.with("properties", properties(asset));
    }

    private static Json service(Asset asset) {
        var service = Json.object("bom-ref", asset.id()).with("name", asset.name());
        var host = text(asset, "host");
        if (!host.isEmpty())
            service = service.with("endpoints", Json.strings(List.of("https://" + host)))
                    .with("x-trust-boundary", Json.of(true));
        return service.with("properties", properties(asset));
    }

    private static String text(Asset asset, String attribute) {
        return String.valueOf(asset.attributes().getOrDefault(attribute, ""));
    }

    private static Json properties(Asset asset) {
        var properties = new ArrayList<Json>();
        properties.add(property("kind", asset.kind()));
        asset.attributes().forEach((name, value) -> {
            if (value instanceof List<?> list) list.forEach(it -> properties.add(property(name, String.valueOf(it))));
            else properties.add(property(name, String.valueOf(value)));
        });
        return new Json.Arr(properties);
    }

    private static Json property(String name, String value) {
        return Json.object("name", "masugata:" + name).with("value", value);
    }

    private static Json dependencies(Inventory inventory) {
        var listed = new TreeSet<String>();
        inventory.assets().stream()
                .filter(it -> !List.of("Credential", "Machine", "Repository", "Process").contains(it.kind()))
                .forEach(it -> listed.add(it.id()));
        var on = new TreeMap<String, TreeSet<String>>();
        for (var one : inventory.relations())
            if (listed.contains(one.from()) && listed.contains(one.to()))
                on.computeIfAbsent(one.from(), _ -> new TreeSet<>()).add(one.to());
        var all = new ArrayList<Json>();
        on.forEach((from, to) -> all.add(Json.object("ref", from).with("dependsOn", Json.strings(to))));
        return new Json.Arr(all);
    }

    private static Json vulnerabilities(Inventory inventory) {
        return new Json.Arr(inventory.weaknesses().stream().map(Bom::vulnerability).toList());
    }

    private static Json vulnerability(Weakness it) {
        return Json.object("id", it.check()).with("bom-ref", it.id())
                .with("source", Json.object("name", "masugata"))
                .with("ratings", new Json.Arr(List.of(Json.object("severity", it.severity().word())
                        .with("method", "other"))))
                .with("description", it.says()).with("recommendation", it.mend())
                .with("affects", new Json.Arr(List.of(Json.object("ref", it.asset()))));
    }
}
