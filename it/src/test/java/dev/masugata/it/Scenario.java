package dev.masugata.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One scenario, as `scenarios/README.md` says how to read it.
record Scenario(String title, List<Step> steps, Map<String, Integer> events, int forwarded) {

    /// What a file says: configuration, then scenarios.
    record File(String name, String yaml, List<Scenario> scenarios) {
        @Override
        public String toString() {
            return name;
        }

        static File read(Path file) throws Exception {
            var parts = Files.readString(file).split("(?m)^=== ");
            var name = file.getFileName().toString();
            if (parts.length < 2) throw new IllegalArgumentException(name + ": no scenario");
            return new File(name, parts[0], Stream.of(parts).skip(1).map(Scenario::of).toList());
        }
    }

    /// A request and what is expected of its answer.
    static final class Step {
        String caller = "coder";
        boolean anew;
        /// Capabilities that the conversation begins with.
        String can = "{}";
        boolean open;
        String method = "POST";
        String path = "/mcp/rec";
        final Map<String, String> headers = new LinkedHashMap<>();
        String body = "";
        int untilStatus;
        int tries = 1;
        /// An operator's command instead of a request, and how it ends.
        List<String> command = List.of();
        int exit;
        final List<String> expected = new ArrayList<>();
    }

    private static Scenario of(String text) {
        var lines = text.lines().toList();
        var steps = new ArrayList<Step>();
        var events = new TreeMap<String, Integer>();
        int forwarded = -1;
        var step = new Step();
        for (var line : lines.subList(1, lines.size())) {
            if (line.isBlank()) continue;
            boolean commands = line.startsWith("$ ");
            boolean asks = commands || line.startsWith(">") || line.startsWith("as: ") || line.equals("anew");
            if (asks && (!step.expected.isEmpty() || step.open || !step.command.isEmpty())) {
                steps.add(step);
                step = new Step();
            }
            if (line.startsWith("as: ")) step.caller = line.substring(4);
            else if (line.equals("anew")) step.anew = true;
            else if (line.startsWith("can: ")) step.can = line.substring(5);
            else if (commands) step.command = List.of(line.substring(2).split(" "));
            else if (line.startsWith("exit ")) step.exit = Integer.parseInt(line.substring(5));
            else if (line.startsWith("until ")) until(step, line.split(" "));
            else if (line.startsWith("< ")) step.expected.add(line.substring(2));
            else if (line.startsWith(">")) asked(step, line);
            else if (line.startsWith("events: ")) events(events, line.substring(8));
            else if (line.startsWith("forwarded: ")) forwarded = Integer.parseInt(line.substring(11));
            else throw new IllegalArgumentException(lines.getFirst() + ": what is `" + line + "`?");
        }
        steps.add(step);
        if (forwarded < 0) throw new IllegalArgumentException(lines.getFirst() + ": how much is forwarded?");
        return new Scenario(lines.getFirst(), steps, events, forwarded);
    }

    private static void until(Step step, String[] words) {
        step.untilStatus = Integer.parseInt(words[1]);
        step.tries = Integer.parseInt(words[3]);
    }

    private static void events(Map<String, Integer> events, String text) {
        for (var one : text.split(", ")) {
            int end = one.lastIndexOf(' ');
            events.put(one.substring(0, end), Integer.parseInt(one.substring(end + 1)));
        }
    }

    private static void asked(Step step, String line) {
        step.open = line.startsWith(">> ");
        var text = line.substring(step.open ? 3 : 2);
        if (text.matches("(GET|POST|DELETE)( /.*)?")) {
            step.method = text.split(" ")[0];
            if (text.contains(" ")) step.path = text.split(" ")[1];
        } else if (text.matches("[A-Za-z-]+:( .*)?")) {
            int colon = text.indexOf(':');
            step.headers.put(text.substring(0, colon), text.substring(colon + 1).strip());
        } else step.body = text;
    }

    static List<File> files() throws Exception {
        var files = new ArrayList<File>();
        try (var all = Files.list(Gate.ROOT.resolve("it/src/test/resources/scenarios"))) {
            for (var file : all.filter(it -> it.toString().endsWith(".txt")).sorted().toList()) files.add(File.read(file));
        }
        return files;
    }
}
