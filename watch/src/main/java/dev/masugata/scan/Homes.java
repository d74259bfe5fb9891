package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where agents keep their files on a machine: a home, the projects that agents know of, and the system's places.
/// Nothing else of a home is looked at.
final class Homes {
    /// Projects of one home that are looked at.
    static final int PROJECTS = 500;
    /// Files that one pattern with a `*` stands for.
    static final int EXPANDED = 200;

    private final ScanLimits limits;
    private final Found found;

    Homes(ScanLimits limits, Found found) {
        this.limits = limits;
        this.found = found;
    }

    Walk.Met of(Path home) throws IOException {
        var entries = new TreeMap<String, Walk.Entry>();
        var bundles = new TreeSet<String>();
        below(home, entries, bundles);
        int count = 0;
        for (var project : projects(home)) {
            if (++count > PROJECTS) {
                found.unread(project.toString(), "more than " + PROJECTS + " projects");
                break;
            }
            below(project, entries, bundles);
        }
        return new Walk.Met(List.copyOf(entries.values()), bundles);
    }

    Walk.Met system() throws IOException {
        var entries = new TreeMap<String, Walk.Entry>();
        for (var kind : AgentKind.shipped())
            for (var place : kind.files()) for (var path : place.system()) add(Path.of(path), entries);
        return new Walk.Met(List.copyOf(entries.values()), Set.of());
    }

    private void below(Path base, Map<String, Walk.Entry> entries, Set<String> bundles) throws IOException {
        for (var kind : AgentKind.shipped()) {
            for (var place : kind.files())
                if (place.system().isEmpty()) for (var path : expanded(base, place.path())) add(path, entries);
            for (var skills : kind.skills()) {
                var directory = base.resolve(skills);
                if (!Files.isDirectory(directory)) continue;
                var met = Walk.of(directory.toRealPath(), directory.toRealPath() + "/", limits, found);
                met.entries().forEach(it -> entries.put(it.name(), it));
                bundles.addAll(met.bundles());
            }
        }
    }

    /// An agent follows a link to its configuration, so this does; but only to a file.
    private static void add(Path path, Map<String, Walk.Entry> entries) throws IOException {
        if (!Files.isRegularFile(path)) return;
        entries.put(path.toString(), new Walk.Entry(path, path.toString(), Files.size(path)));
    }

    private List<Path> expanded(Path base, String pattern) throws IOException {
        var paths = List.of(base);
        for (var part : pattern.split("/")) {
            var next = new ArrayList<Path>();
            for (var path : paths) {
                if (!part.contains("*")) next.add(path.resolve(part));
                else if (Files.isDirectory(path)) list(path, part, next);
            }
            paths = next;
        }
        return paths;
    }

    private void list(Path directory, String part, List<Path> next) throws IOException {
        try (DirectoryStream<Path> some = Files.newDirectoryStream(directory, part)) {
            for (var one : some) {
                if (next.size() == EXPANDED) {
                    found.unread(directory.resolve(part).toString(), "more than " + EXPANDED + " files");
                    return;
                }
                next.add(one);
            }
        } catch (java.nio.file.AccessDeniedException closed) {
            found.unread(directory.toString(), "cannot be read");
        }
    }

    private Set<Path> projects(Path home) {
        var projects = new TreeSet<Path>();
        for (var kind : AgentKind.shipped())
            for (var place : kind.files()) {
                if (place.projects().isEmpty() || place.path().contains("*")) continue;
                var file = home.resolve(place.path());
                if (Files.isRegularFile(file)) projects(file, place.projects(), projects);
            }
        projects.removeIf(it -> home.startsWith(it) || !Files.isDirectory(it));
        return projects;
    }

    private void projects(Path file, String way, Set<Path> projects) {
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(limits.fileBytes()), StandardCharsets.UTF_8);
            for (var tree : Document.read(file.toString(), text))
                for (var place : Tree.at(tree, way))
                    if (place.value() instanceof Json.Obj object)
                        object.members().keySet().stream().filter(it -> it.startsWith("/") && it.indexOf('\0') < 0)
                                .map(it -> Path.of(it).normalize()).forEach(projects::add);
        } catch (IOException unreadable) {
            found.unread(file.toString(), "cannot be read");
        } catch (Unreadable said) {
            // The look at this file says so, with its place.
            return;
        }
    }
}
