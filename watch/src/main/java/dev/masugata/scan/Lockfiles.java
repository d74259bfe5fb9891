package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lockfiles of the ecosystems that agents are written in, each read by its own small reader.
final class Lockfiles {
    /// Packages of one file.
    static final int PACKAGES = 50_000;

    private static final Pattern YARN =
            Pattern.compile("^\"?(@?[^@\"]+)@(?:npm:)?[^\"]*\"?:$|^\"?(@?[^@\"]+)@(?:npm:)?");
    private static final Pattern REQUIREMENT =
            Pattern.compile(
                    "^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\\[[^]]*])?\\s*(?:(===?|~=|>=|<=|!=|>|<)\\s*([^;,\\s\\\\]+))?");
    private static final Pattern GEM = Pattern.compile("^ {4}([A-Za-z0-9._-]+) \\(([^)]+)\\)$");
    private static final Pattern GO = Pattern.compile("^\\s*(?:require\\s+)?([a-z0-9.-]+\\.[a-z]+/\\S+)\\s+v(\\S+)");

    private Lockfiles() {}

    static List<Dependency> read(String leaf, String text) throws Unreadable {
        var all = new ArrayList<Dependency>();
        switch (leaf) {
            case "package-lock.json", "npm-shrinkwrap.json", ".package-lock.json" -> npm((Json.Obj) object(text), all);
            case "pnpm-lock.yaml" -> pnpm(text, all);
            case "yarn.lock" -> yarn(text, all);
            case "bun.lock" -> bun((Json.Obj) object(text), all);
            case "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml" -> toml("pypi", text, all);
            case "Cargo.lock" -> toml("cargo", text, all);
            case "Pipfile.lock" -> pipfile((Json.Obj) object(text), all);
            case "composer.lock" -> composer((Json.Obj) object(text), all);
            case "packages.lock.json" -> nuget((Json.Obj) object(text), all);
            case "go.mod" -> lines(text, GO, "golang", all);
            case "Gemfile.lock" -> lines(text, GEM, "gem", all);
            case "gradle.lockfile" -> gradle(text, all);
            case String _ -> requirements(text, all);
        }
        if (all.size() > PACKAGES) throw new Unreadable("more than " + PACKAGES + " packages");
        return all;
    }

    static Json object(String text) throws Unreadable {
        var tree = Document.json(text);
        if (!(tree instanceof Json.Obj)) throw new Unreadable("an object expected");
        return tree;
    }

    private static String version(Json value) {
        return value instanceof Json.Obj one ? one.string("version").orElse("") : "";
    }

    private static void npm(Json.Obj lock, List<Dependency> all) {
        lock.object("packages").members().forEach((path, value) -> {
            int at = path.lastIndexOf("node_modules/");
            if (at < 0 || !(value instanceof Json.Obj one)) return;
            var name = one.string("name").orElse(path.substring(at + "node_modules/".length()));
            all.add(new Dependency("npm", name, version(one), outside(one.string("resolved").orElse(""))));
        });
        if (lock.object("packages").members().isEmpty()) older(lock, all, 0);
    }

    private static void older(Json.Obj lock, List<Dependency> all, int depth) {
        if (depth > 40) return;
        lock.object("dependencies").members().forEach((name, value) -> {
            if (!(value instanceof Json.Obj one)) return;
            all.add(new Dependency("npm", name, version(one), outside(one.string("resolved").orElse(""))));
            older(one, all, depth + 1);
        });
    }

    /// A registry's archives end so; other URLs are somebody's own place.
    static String outside(String url) {
        boolean elsewhere = url.startsWith("git") || url.startsWith("http:") || url.startsWith("https:")
                && !url.contains("/-/");
        return elsewhere ? url.replaceFirst("[?#].*$", "") : "";
    }

    private static void pnpm(String text, List<Dependency> all) throws Unreadable {
        for (var tree : Document.yaml(text)) {
            if (!(tree instanceof Json.Obj lock)) continue;
            for (var key : lock.object("packages").members().keySet()) {
                var spec = key.replaceFirst("^/", "").replaceFirst("\\(.*$", "");
                int at = spec.lastIndexOf('@');
                if (at > 0) all.add(new Dependency("npm", spec.substring(0, at), spec.substring(at + 1)));
            }
        }
    }

    private static void yarn(String text, List<Dependency> all) {
        var name = "";
        for (var line : text.lines().toList()) {
            if (!line.isEmpty() && !Character.isWhitespace(line.charAt(0)) && !line.startsWith("#")) {
                var found = YARN.matcher(line);
                name = found.find() ? found.group(1) == null ? found.group(2) : found.group(1) : "";
            } else if (!name.isEmpty() && line.strip().startsWith("version")) {
                var version = line.strip().substring("version".length()).replaceAll("[\":\\s]", "");
                if (!version.startsWith("0.0.0-use")) all.add(new Dependency("npm", name, version));
                name = "";
            }
        }
    }

    private static void bun(Json.Obj lock, List<Dependency> all) {
        for (var one : lock.object("packages").members().values()) {
            if (!(one instanceof Json.Arr list) || list.items().isEmpty()) continue;
            var spec = Tree.word(list.items().getFirst());
            int at = spec.lastIndexOf('@');
            if (at > 0) all.add(new Dependency("npm", spec.substring(0, at), spec.substring(at + 1)));
        }
    }

    private static void toml(String ecosystem, String text, List<Dependency> all) throws Unreadable {
        if (!(Document.toml(text) instanceof Json.Obj lock)) return;
        for (var list : List.of("package", "packages"))
            for (var one : lock.items(list)) {
                if (!(one instanceof Json.Obj pack)) continue;
                var from = pack.object("source").string("git").or(() -> pack.object("source").string("url")).orElse("");
                pack.string("name").ifPresent(name ->
                        all.add(new Dependency(ecosystem, name, pack.string("version").orElse(""), from)));
            }
    }

    private static void pipfile(Json.Obj lock, List<Dependency> all) {
        for (var group : List.of("default", "develop"))
            lock.object(group).members().forEach((name, one) ->
                    all.add(new Dependency("pypi", name, version(one).replaceFirst("^==", ""))));
    }

    private static void composer(Json.Obj lock, List<Dependency> all) {
        for (var group : List.of("packages", "packages-dev"))
            for (var one : lock.items(group))
                if (one instanceof Json.Obj pack)
                    all.add(new Dependency("composer", pack.string("name").orElse(""), version(pack)
                            .replaceFirst("^v", "")));
    }

    private static void nuget(Json.Obj lock, List<Dependency> all) {
        for (var framework : lock.object("dependencies").members().values())
            if (framework instanceof Json.Obj packs)
                packs.members().forEach((name, one) -> {
                    if (one instanceof Json.Obj pack)
                        all.add(new Dependency("nuget", name, pack.string("resolved").orElse("")));
                });
    }

    private static void lines(String text, Pattern pattern, String ecosystem, List<Dependency> all) {
        for (var line : text.lines().toList()) {
            var found = pattern.matcher(line);
            if (found.find()) all.add(new Dependency(ecosystem, found.group(1), found.group(2)));
        }
    }

    private static void gradle(String text, List<Dependency> all) {
        for (var line : text.lines().toList()) {
            var parts = line.replaceFirst("=.*$", "").split(":");
            if (parts.length == 3 && !line.startsWith("#"))
                all.add(new Dependency("maven", parts[0] + ":" + parts[1], parts[2]));
        }
    }

    private static void requirements(String text, List<Dependency> all) {
        for (var line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("-")) continue;
            int at = line.indexOf(" @ ");
            if (at > 0) {
                all.add(new Dependency("pypi", pypi(line.substring(0, at)), "", line.substring(at + 3).strip()));
                continue;
            }
            var found = REQUIREMENT.matcher(line);
            if (!found.find()) continue;
            boolean exact = found.group(2) != null && found.group(2).startsWith("==");
            all.add(new Dependency("pypi", pypi(found.group(1)), exact ? found.group(3) : ""));
        }
    }

    /// PEP 503: names of Python packages have one spelling.
    static String pypi(String name) {
        return name.replaceFirst("\\[.*$", "").strip().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }
}
