package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How a local server is started, and what package that brings: `npx -y @scope/name@1.2.3`.
///
/// @param pack    the package's or image's name; empty where it is none
/// @param version exact, or empty
record Launch(String command, List<String> arguments, String ecosystem, String pack, String version) {
    private static final Set<String> NPM = Set.of("npx", "bunx", "pnpx");
    private static final Set<String> PYPI = Set.of("uvx", "pipx");
    private static final Set<String> IMAGES = Set.of("docker", "podman");
    private static final Set<String> DOCKER_VALUES = Set.of(
            "-e", "--env", "-v", "--volume", "--mount", "--name", "--network", "-p", "-u", "-w", "--env-file", "--user",
            "--memory", "--cpus", "--label", "-l", "--workdir", "--publish");

    static Launch of(Json.Obj told) {
        var words = new ArrayList<String>();
        told.at("command").ifPresent(it -> {
            if (it instanceof Json.Arr list) list.items().forEach(one -> words.add(Tree.word(one)));
            else if (it instanceof Json.Obj inner) inner.string("path").ifPresent(words::add);
            else words.add(Tree.word(it));
        });
        told.items("args").forEach(it -> words.add(Tree.word(it)));
        if (words.isEmpty()) return new Launch("", List.of(), "", "", "");
        var command = words.removeFirst();
        if (command.indexOf(' ') > 0 && words.isEmpty()) {
            words.addAll(List.of(command.split("\\s+")));
            command = words.removeFirst();
        }
        var leaf = command.substring(command.lastIndexOf('/') + 1);
        if (leaf.equals("cmd") && words.size() > 1 && words.getFirst().equalsIgnoreCase("/c")) leaf = words.get(1);
        if (leaf.equals("uv") && words.size() > 2 && words.get(1).equals("run")) leaf = "uvx";
        return packaged(command, leaf, List.copyOf(words));
    }

    private static Launch packaged(String command, String leaf, List<String> words) {
        if (NPM.contains(leaf)) {
            var spec = first(words, Set.of("--package", "-p"));
            int at = spec.lastIndexOf('@');
            boolean versioned = at > 0;
            return new Launch(command, words, "npm", versioned ? spec.substring(0, at) : spec,
                    versioned ? exact(spec.substring(at + 1)) : "");
        }
        if (PYPI.contains(leaf)) {
            var spec = first(words, Set.of("--from", "--python")).replaceFirst("^run$", "");
            int at = spec.contains("==") ? spec.indexOf("==") : spec.lastIndexOf('@');
            int skip = spec.contains("==") ? 2 : 1;
            return at > 0 ? new Launch(command, words, "pypi", spec.substring(0, at), exact(spec.substring(at + skip)))
                    : new Launch(command, words, "pypi", spec, "");
        }
        if (IMAGES.contains(leaf) && words.contains("run")) {
            var image = first(words.subList(words.indexOf("run") + 1, words.size()), DOCKER_VALUES);
            int digest = image.indexOf("@sha256:");
            return new Launch(command, words, "oci", digest > 0 ? image.substring(0, digest) : image,
                    digest > 0 ? image.substring(digest + 1) : "");
        }
        return new Launch(command, words, "", "", "");
    }

    /// The first word that is no option; for npx and uvx the value of an option that names the package.
    private static String first(List<String> words, Set<String> valued) {
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("--package") || word.equals("--from")) return i + 1 < words.size() ? words.get(i + 1) : "";
            if (word.startsWith("--package=") || word.startsWith("--from=")) return word.substring(word.indexOf('=')
                    + 1);
            if (valued.contains(word)) i++;
            else if (!word.startsWith("-")) return word;
        }
        return "";
    }

    private static String exact(String version) {
        return version.matches("v?[0-9]+(?:\\.[0-9A-Za-z-]+)+(?:[-+.][0-9A-Za-z.+-]+)?") ? version : "";
    }

    /// No package at all is as it was installed: pinned.
    boolean pinned() {
        return !pack.isEmpty() && !version.isEmpty();
    }

    String line() {
        return (command + " " + String.join(" ", arguments)).strip();
    }

    Json.Obj tree(Json.Obj told) {
        return told.with("line", line()).with("command", command).with("args", Json.strings(arguments))
                .with("package", pack).with("loose", Json.of(!pack.isEmpty() && version.isEmpty()));
    }
}
