package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a project depends on: its lockfiles, its manifests, and where its package manager fetches from.
final class Manifests {
    private static final Set<String> LOCKS = Set.of(
            "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "poetry.lock",
                    "uv.lock",
            "pdm.lock", "pylock.toml", "Cargo.lock", "Pipfile.lock", "composer.lock", "packages.lock.json", "go.mod",
            "Gemfile.lock", "gradle.lockfile");
    private static final Set<String> OTHERS =
            Set.of("package.json", "pyproject.toml", "pom.xml", ".npmrc", "pip.conf", "uv.toml", "Cargo.toml");
    private static final Pattern REQUIREMENTS = Pattern.compile("^(?:requirements|constraints).*\\.txt$");
    private static final Pattern POM = Pattern.compile(
            "<groupId>([\\w.-]+)</groupId>\\s*<artifactId>([\\w.-]+)</artifactId>(?:\\s*<version>([\\w.-]+)</ver"
            + "sion>)?");

    private final Scene scene;
    private final Squats squats = new Squats();

    Manifests(Scene scene) {
        this.scene = scene;
    }

    boolean takes(String leaf) {
        return LOCKS.contains(leaf) || OTHERS.contains(leaf) || REQUIREMENTS.matcher(leaf).find();
    }

    void look(Source source) {
        try {
            switch (source.leaf()) {
                case ".npmrc", "pip.conf", "uv.toml" ->
                    scene.judge().read("registry", scene.owner(), source.name(), source.text());
                case "package.json" -> manifest(source);
                case "pyproject.toml", "Cargo.toml" -> python(source);
                case "pom.xml" -> maven(source);
                case String leaf -> all(Lockfiles.read(leaf, source.text()), source, LOCKS.contains(leaf));
            }
        } catch (Unreadable bad) {
            scene.found().unread(source.name(), bad.why());
        }
    }

    private void manifest(Source source) throws Unreadable {
        if (!(Document.json(source.text()) instanceof Json.Obj json)) return;
        var all = new ArrayList<Dependency>();
        for (var group : List.of("dependencies", "devDependencies", "optionalDependencies"))
            json.object(group).members().forEach((name, value) -> {
                var word = Tree.word(value);
                boolean exact = word.matches("[0-9]+\\.[0-9]+\\.[0-9]+[\\w.+-]*");
                all.add(new Dependency("npm", name, exact ? word : "", word.matches("(?:git|https?:|github:|file:).*")
                        ? word : ""));
            });
        all(all, source, false);
        var scripts = Json.object("scripts", json.object("scripts"));
        scene.judge().look(new Subject(
                "manifest", "", scene.owner(), source.name(), source.text(), List.of(), scripts));
    }

    private void python(Source source) throws Unreadable {
        if (!source.leaf().equals("pyproject.toml")) return;
        if (!(Document.toml(source.text()) instanceof Json.Obj json)) return;
        var lines = new StringBuilder();
        for (var one : json.object("project").items("dependencies")) lines.append(Tree.word(one)).append('\n');
        var all = new ArrayList<>(Lockfiles.read("requirements.txt", lines.toString()));
        json.object("tool").object("poetry").object("dependencies").members().forEach((name, value) -> {
            if (!name.equals("python")) all.add(new Dependency("pypi", Lockfiles.pypi(name), ""));
        });
        all(all, source, false);
    }

    private void maven(Source source) {
        var all = new ArrayList<Dependency>();
        var found = POM.matcher(source.text());
        while (found.find() && all.size() < Lockfiles.PACKAGES)
            all.add(new Dependency("maven", found.group(1) + ":" + found.group(2), found.group(3) == null ? ""
                    : found.group(3)));
        all(all, source, false);
    }

    private void all(List<Dependency> dependencies, Source source, boolean locked) {
        for (var one : dependencies) if (!one.name().isEmpty()) one(one, source, locked);
    }

    private void one(Dependency one, Source source, boolean locked) {
        boolean ai = Engines.ai(one.ecosystem(), one.name());
        var pack = add(one, source.name(), ai);
        scene.found().relate("DEPENDS_ON", scene.owner().id(), pack.id());
        if (ai) scene.found().add(scene.owner().kind(), scene.owner().id(), scene.owner().name(), Map.of("ai", true));
        if (locked && one.from().isEmpty()) return;
        var tree = Json.object("name", one.name()).with("from", one.from()).with("ai", Json.of(ai))
                .with("like", squats.like(one.ecosystem(), one.name()));
        scene.judge().look(
                new Subject("package", "", pack, source.name(), source.text(), List.of(one.name()), tree));
    }

    private Asset add(Dependency one, String file, boolean ai) {
        return scene.found().add("Package", one.purl(), one.name(), Map.of(
                "ecosystem", one.ecosystem(), "version", one.version(), "ai", ai, "files", List.of(file)));
    }
}
