package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The scenarios in `scenarios/`, over plain sockets.
@Tag("mcp")
class ScenariosTest {
    private static final String SERVERS = "mcp:\n  servers:\n" + server("rec", "read") + server("writer", "write") + server("new", "read");

    private static String server(String name, String toolClass) {
        return "    " + name + ": { command: [python3, \"{scripts}/recorder.py\", \"{workspace}\", " + name
                + ".seen], dir: \"{work}\", read: [\"{scripts}\"], tools: { note: " + toolClass + " } }\n";
    }

    /// Files of one configuration share a gate.
    static Collection<List<Scenario.File>> gates() throws Exception {
        var gates = new TreeMap<String, List<Scenario.File>>();
        for (var file : Scenario.files()) gates.computeIfAbsent(file.yaml(), _ -> new ArrayList<>()).add(file);
        return gates.values();
    }

    @ParameterizedTest
    @MethodSource("gates")
    void hold(List<Scenario.File> files) throws Exception {
        try (var gate = Gate.prepared(SERVERS + files.getFirst().yaml())) {
            var scripts = JudgedIsSentTest.scripts(gate);
            Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
            gate.serve();
            gate.run("tools", "approve", "rec").ok();
            gate.run("tools", "approve", "writer").ok();
            try (var runner = new Runner(gate)) {
                assertAll(files.stream().flatMap(file -> file.scenarios().stream()).<Executable>map(it -> () -> runner.run(it)));
            }
        }
    }

    private record Said(int status, String head, String body) {}

    private static final class Runner implements AutoCloseable {
        private final Gate gate;
        private final LedgerReader record;
        private final Map<String, String> tokens = new HashMap<>();
        private final Map<String, String> sessions = new HashMap<>();
        private final List<Socket> open = new ArrayList<>();

        Runner(Gate gate) throws IOException {
            this.gate = gate;
            this.record = LedgerReader.open(LedgerOptions.at(gate.home));
        }

        private String token(String agent) throws IOException {
            var known = tokens.get(agent);
            if (known == null) tokens.put(agent, known = gate.token(agent));
            return known;
        }

        void run(Scenario scenario) throws Exception {
            // What it begins with is not part of it.
            for (var step : scenario.steps()) if (step.command.isEmpty() && !step.headers.containsKey("MCP-Session-Id") && !step.anew) session(step.caller, step.path, step.can);
            session("other", "/mcp/rec", "{}");
            session("coder", "/mcp/rec", "{}");
            long before = record.size();
            long forwarded = forwarded();
            for (var step : scenario.steps()) run(scenario, step);
            var expected = scenario.events();
            try {
                Await.until(Duration.ofSeconds(5), () -> events(before).equals(expected));
            } catch (AssertionError late) {
                assertEquals(expected, events(before), scenario.title());
            }
            assertEquals(scenario.forwarded(), forwarded() - forwarded, scenario.title() + ": forwarded");
        }

        private void run(Scenario scenario, Scenario.Step step) throws Exception {
            if (!step.command.isEmpty()) {
                command(scenario, step);
                return;
            }
            if (step.anew) sessions.remove(step.caller + " " + step.path);
            if (step.open) {
                long before = forwarded();
                send(step);
                Await.until(Duration.ofSeconds(10), () -> forwarded() > before);
                return;
            }
            var said = read(send(step));
            for (int i = 1; i < step.tries && said.status() != step.untilStatus; i++) said = read(send(step));
            for (var expected : step.expected) check(scenario.title(), expected, said);
        }

        /// `turn NAME` is none of ours: it makes that server show its other face.
        private void command(Scenario scenario, Scenario.Step step) throws IOException {
            if (step.command.getFirst().equals("turn")) {
                Files.writeString(gate.work().resolve(step.command.getLast() + ".turn"), "");
                return;
            }
            var said = gate.run(step.command.toArray(String[]::new));
            assertEquals(step.exit, said.exit(), scenario.title() + ": " + said.out() + said.err());
            for (var expected : step.expected)
                check(scenario.title(), expected, new Said(0, "", said.out() + said.err()));
        }

        private static void check(String title, String expected, Said said) {
            var whole = title + ": expected `" + expected + "` of " + said;
            if (expected.matches("[0-9]{1,3}")) assertTrue(Integer.toString(said.status()).startsWith(expected), whole);
            else if (expected.matches("[A-Z][A-Za-z-]+: ?.*"))
                assertTrue(said.head().toLowerCase(Locale.ROOT).contains("\n" + expected.strip().toLowerCase(Locale.ROOT)), whole);
            else if (expected.startsWith("not ")) assertFalse(said.body().contains(expected.substring(4)), whole);
            else assertTrue(said.body().contains(expected), whole);
        }

        // --- what happened ------------------------------------------------------------------------------------------

        private Map<String, Integer> events(long after) {
            var events = new TreeMap<String, Integer>();
            for (var entry : record.entries(Query.ALL.withAfter(after))) {
                switch (entry.event()) {
                    case Event.Found found -> events.merge("found " + found.finding().rule(), 1, Integer::sum);
                    case Event.Decided decided when decided.outcome() != Outcome.ALLOWED ->
                        events.merge(decided.outcome().word() + " " + decided.because().getFirst().id(), 1, Integer::sum);
                    default -> {}
                }
            }
            return events;
        }

        /// Tool calls that any of the servers received.
        private long forwarded() throws IOException {
            long count = 0;
            try (var files = Files.list(gate.work())) {
                for (var file : files.filter(it -> it.toString().endsWith(".seen")).toList())
                    count += Files.readAllLines(file).stream().filter(it -> it.contains("\"tools/call\"")).count();
            }
            return count;
        }

        // --- over the wire ------------------------------------------------------------------------------------------

        private String session(String caller, String path, String can) throws IOException {
            var known = sessions.get(caller + " " + path);
            if (known != null || !isServed(path)) return known == null ? "" : known;
            try (var client = new RawClient(gate.gates, path, token(caller)).initialize(can)) {
                sessions.put(caller + " " + path, client.session());
                return client.session();
            }
        }

        private boolean isServed(String path) throws IOException {
            return path.equals("/mcp")
                    || path.startsWith("/mcp/")
                            && Files.readString(gate.config).contains("\n    " + path.substring(5) + ": ");
        }

        private Socket send(Scenario.Step step) throws IOException {
            var body = filled(step.body).getBytes(StandardCharsets.UTF_8);
            var headers = new LinkedHashMap<String, String>();
            headers.put("Host", "127.0.0.1:" + gate.gates);
            headers.put("Authorization", "Bearer " + token(step.caller));
            headers.put("Content-Type", "application/json");
            headers.put("Accept", "application/json, text/event-stream");
            headers.put("Connection", "close");
            if (!step.headers.containsKey("MCP-Session-Id")) headers.put("MCP-Session-Id", session(step.caller, step.path, step.can));
            step.headers.forEach((name, value) -> headers.put(name, filled(value)));
            if (!step.method.equals("GET")) headers.put("Content-Length", Integer.toString(body.length));
            var head = new StringBuilder(step.method + " " + step.path + " HTTP/1.1\r\n");
            headers.forEach((name, value) -> head.append(value.isEmpty() ? "" : name + ": " + value + "\r\n"));
            var socket = new Socket("127.0.0.1", gate.gates);
            open.add(socket);
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
            } catch (IOException refusedEarly) {
                // The answer says why.
            }
            return socket;
        }

        private static final Pattern TIMES = Pattern.compile("\\{(\\d+) times ([^ }])}");

        private String filled(String text) {
            return TIMES.matcher(text)
                    .replaceAll(it -> it.group(2).repeat(Integer.parseInt(it.group(1))))
                    .replace("{port}", Integer.toString(gate.gates))
                    .replace("{session of other}", sessions.getOrDefault("other /mcp/rec", ""))
                    .replace("{session of coder}", sessions.getOrDefault("coder /mcp/rec", ""));
        }

        private static Said read(Socket socket) throws IOException {
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            assertTrue(end > 0, "no answer: " + text);
            return new Said(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
        }

        @Override
        public void close() throws IOException {
            record.close();
            for (var socket : open) socket.close();
        }
    }
}
