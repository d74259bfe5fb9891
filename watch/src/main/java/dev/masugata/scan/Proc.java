package dev.masugata.scan;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What Linux says in `/proc`. Where there is none, the machine is silent.
public final class Proc {
    /// Processes that are looked at.
    static final int PROCESSES = 50_000;
    /// Bytes of one file there.
    static final int BYTES = 256 * 1024;
    private static final String LISTENS = "0A";

    private final Path root;

    private Proc(Path root) {
        this.root = root;
    }

    public static Machine read(Map<String, String> environment) throws IOException {
        var proc = new Proc(Path.of("/proc"));
        if (!Files.isDirectory(proc.root.resolve("self"))) return new Machine(List.of(), List.of(), named(environment));
        var sockets = new HashMap<String, Long>();
        var running = proc.running(sockets);
        var listening = new ArrayList<Machine.Listening>();
        for (var table : List.of("net/tcp", "net/tcp6")) proc.listening(table, sockets, listening);
        return new Machine(running, listening, named(environment));
    }

    static List<Machine.Named> named(Map<String, String> environment) {
        var named = new ArrayList<Machine.Named>();
        new TreeMap<>(environment).forEach((name, value) ->
                Secrets.type(name, value).ifPresent(type -> named.add(new Machine.Named(name, type))));
        return named;
    }

    private List<Machine.Running> running(Map<String, Long> sockets) throws IOException {
        var running = new ArrayList<Machine.Running>();
        var ours = link(root.resolve("self/ns/pid"));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root, "[0-9]*")) {
            for (var directory : all) {
                if (running.size() == PROCESSES) break;
                long pid = Long.parseLong(directory.getFileName().toString());
                var command = words(directory.resolve("cmdline"));
                if (command.isEmpty()) continue;
                var environment = environment(directory);
                boolean apart = !link(directory.resolve("ns/pid")).equals(ours);
                boolean sealed = apart && environment.containsKey("MASUGATA_SESSION");
                running.add(new Machine.Running(pid, command, link(directory.resolve("cwd")), sealed,
                        named(environment)));
                sockets(directory, pid, sockets);
            }
        }
        return running;
    }

    private static Map<String, String> environment(Path directory) {
        var environment = new TreeMap<String, String>();
        for (var one : words(directory.resolve("environ"))) {
            int equals = one.indexOf('=');
            if (equals > 0) environment.put(one.substring(0, equals), one.substring(equals + 1));
        }
        return environment;
    }

    private static void sockets(Path directory, long pid, Map<String, Long> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd"))) {
            for (var one : descriptors) {
                var to = link(one);
                if (to.startsWith("socket:[")) sockets.put(to.substring(8, to.length() - 1), pid);
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException closed) {
            // Another user's process, or one that has ended: whose socket it is stays unknown.
            return;
        }
    }

    private void listening(String table, Map<String, Long> sockets,
            List<Machine.Listening> listening) throws IOException {
        var file = root.resolve(table);
        if (!Files.isReadable(file)) return;
        try (var lines = Files.lines(file, StandardCharsets.US_ASCII)) {
            for (var line : lines.skip(1).toList()) {
                var parts = line.strip().split("\\s+");
                if (parts.length < 10 || !parts[3].equals(LISTENS)) continue;
                int colon = parts[1].indexOf(':');
                listening.add(new Machine.Listening(address(parts[1].substring(0, colon)),
                        Integer.parseInt(parts[1].substring(colon + 1), 16), sockets.getOrDefault(parts[9], 0L)));
            }
        }
    }

    /// Four bytes each, the last first.
    static String address(String hex) throws IOException {
        var bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++)
            bytes[i / 4 * 4 + 3 - i % 4] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        var text = InetAddress.getByAddress(bytes).getHostAddress();
        return text.equals("0:0:0:0:0:0:0:0") ? "::" : text.equals("0:0:0:0:0:0:0:1") ? "::1" : text;
    }

    private static List<String> words(Path file) {
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(BYTES), StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        } catch (IOException endedOrClosed) {
            return List.of();
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException endedOrClosed) {
            return "";
        }
    }
}
