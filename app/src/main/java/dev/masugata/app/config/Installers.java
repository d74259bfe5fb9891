package dev.masugata.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Commands that fetch a package at every start and run it: what is run must be named exactly, and lie here before.
final class Installers {
    private static final Map<String, String> INSTALL = Map.of(
            "npx", "npm install --ignore-scripts --save-exact", "bunx", "npm install --ignore-scripts --save-exact",
            "pnpx", "npm install --ignore-scripts --save-exact", "uvx", "uv tool install");
    private static final Set<String> FLAGS = Set.of("-y", "--yes", "-q", "--quiet");
    // Semantic Versioning 2.0.0, and PEP 440's final and pre-releases: one version, no range and no tag.
    private static final Pattern NPM =
            Pattern.compile("((?:@[a-z0-9~._-]+/)?[a-z0-9~._-]+)@(\\d+\\.\\d+\\.\\d+(?:[-+][0-9A-Za-z.+-]+)?)");
    private static final Pattern PYTHON =
            Pattern.compile("([A-Za-z0-9._-]+)(?:==|@)(\\d+(?:\\.\\d+)*(?:(?:a|b|rc|\\.post|\\.dev)\\d+)?)");

    private Installers() {}

    /// Why the command cannot be that of a server, and what to do; empty for one that installs nothing.
    static Optional<String> problem(List<String> command) {
        if (command.isEmpty()) return Optional.empty();
        var program = command.getFirst().substring(command.getFirst().lastIndexOf('/') + 1);
        var install = INSTALL.get(program);
        if (install == null) return Optional.empty();
        var rest = new ArrayList<>(command.subList(1, command.size()));
        while (!rest.isEmpty() && FLAGS.contains(rest.getFirst())) rest.removeFirst();
        boolean python = program.equals("uvx");
        var exact = python ? "uvx NAME==1.2.3" : program + " -y NAME@1.2.3";
        if (rest.isEmpty() || rest.getFirst().startsWith("-"))
            return Optional.of("`" + program + "` must name its package first, at one version: `" + exact + "`");
        var named = (python ? PYTHON : NPM).matcher(rest.getFirst());
        if (!named.matches())
            return Optional.of("`" + rest.getFirst()
                    + "` is not one version of a package: what is fetched tomorrow may be"
                    + " another program; write `" + exact + "`");
        return Optional.of("`" + program + "` would fetch " + named.group(1)
                + " from the network at every start, which sealed"
                + " servers have not, and installing it for you is not built yet; install it once, `" + install + " "
                + rest.getFirst() + "`, and name its program here");
    }
}
