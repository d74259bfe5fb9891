package dev.masugata.scan;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/// Configuration in the languages that agents, packages and workloads are described in, all as one kind of tree.
final class Document {
    /// Aliases of one YAML document: more is a bomb.
    static final int ALIASES = 50;
    /// Documents in one YAML file.
    static final int DOCUMENTS = 500;
    private static final int NESTING = 100;

    private static final TomlMapper TOML = TomlMapper.builder(TomlFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(NESTING).build())
                    .build())
            .build();

    private Document() {}

    /// The trees in a file, by the language that its name says; in YAML there can be several.
    static List<Json> read(String name, String text) throws Unreadable {
        if (name.endsWith(".toml") || name.endsWith("poetry.lock") || name.endsWith("uv.lock")
                || name.endsWith("Cargo.lock") || name.endsWith("Pipfile")) return List.of(toml(text));
        if (name.endsWith(".yaml") || name.endsWith(".yml")) return yaml(text);
        return List.of(json(text));
    }

    static Json json(String text) throws Unreadable {
        try {
            return JsonReader.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.DEFAULT);
        } catch (JsonException notStrict) {
            return LenientJson.read(text);
        }
    }

    static Json toml(String text) throws Unreadable {
        try {
            return of(TOML.readTree(text));
        } catch (JacksonException bad) {
            throw new Unreadable(bad.getOriginalMessage());
        } catch (StackOverflowError deep) {
            throw new Unreadable("nested too deep");
        }
    }

    static List<Json> yaml(String text) throws Unreadable {
        var settings = LoadSettings.builder()
                .setMaxAliasesForCollections(ALIASES)
                .setCodePointLimit(ScanLimits.FILE_BYTES)
                .setAllowRecursiveKeys(false)
                .setAllowDuplicateKeys(true)
                .build();
        try {
            var all = new ArrayList<Json>();
            for (var one : new Load(settings).loadAllFromString(text)) {
                if (all.size() == DOCUMENTS) throw new Unreadable("more than " + DOCUMENTS + " documents");
                all.add(of(one, 0));
            }
            return all;
        } catch (YamlEngineException | IllegalArgumentException bad) {
            throw new Unreadable(String.valueOf(bad.getMessage()).lines().findFirst().orElse("no YAML"));
        } catch (StackOverflowError deep) {
            throw new Unreadable("nested too deep");
        }
    }

    private static Json of(JsonNode node) {
        if (node.isObject()) {
            var members = new LinkedHashMap<String, Json>();
            for (var one : node.properties()) members.put(one.getKey(), of(one.getValue()));
            return new Json.Obj(members, null);
        }
        if (node.isArray()) {
            var items = new ArrayList<Json>();
            for (var one : node) items.add(of(one));
            return new Json.Arr(items);
        }
        if (node.isBoolean()) return Json.of(node.booleanValue());
        if (node.isIntegralNumber() && node.canConvertToLong()) return whole(node.longValue());
        return text(node.asString());
    }

    private static Json of(Object value, int depth) throws Unreadable {
        if (depth > NESTING) throw new Unreadable("nested deeper than " + NESTING);
        return switch (value) {
            case null -> Json.NULL;
            case Map<?, ?> map -> {
                var members = new LinkedHashMap<String, Json>();
                for (var one : map.entrySet())
                    members.put(clean(String.valueOf(one.getKey())), of(one.getValue(), depth + 1));
                yield new Json.Obj(members, null);
            }
            case Iterable<?> list -> {
                var items = new ArrayList<Json>();
                for (var one : list) items.add(of(one, depth + 1));
                yield new Json.Arr(items);
            }
            case Boolean truth -> Json.of(truth);
            case Integer number -> Json.of(number.longValue());
            case Long number -> whole(number);
            case byte[] bytes -> Json.of(bytes.length + " bytes");
            case Date date -> Json.of(date.toInstant().toString());
            default -> text(value.toString());
        };
    }

    private static Json whole(long number) {
        return Math.abs(number) < 1L << 53 ? Json.of(number) : Json.of(Long.toString(number));
    }

    private static Json text(String value) {
        return Json.of(clean(value));
    }

    private static String clean(String value) {
        return value.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff) ? value.replaceAll("\\p{Cs}", "\ufffd")
                : value;
    }
}
