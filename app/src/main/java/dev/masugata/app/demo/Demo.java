package dev.masugata.app.demo;

import dev.masugata.app.Home;
import dev.masugata.app.ResidentGate;
import dev.masugata.app.control.Link;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.sandbox.InsecureDirect;
import dev.masugata.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two acts, the same bytes: a real process, a real listener that counts what it gets, throw-away files and keys.
public final class Demo {
    private static final String KEY = "not-a-key-but-what-one-looks-like";

    private final Path stage;
    private final Attacker attacker;

    private Demo(Path stage, Attacker attacker) {
        this.stage = stage;
        this.attacker = attacker;
    }

    /// Plays it; 0 when every promise was kept before the eyes of the user.
    public static int run() throws IOException, InterruptedException {
        var stage = Files.createTempDirectory("masugata-demo-");
        try (var attacker = new Attacker()) {
            return new Demo(stage, attacker).play();
        } finally {
            try (var left = Files.walk(stage)) {
                for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private int play() throws IOException, InterruptedException {
        System.out.println("Act 1: an agent as it is run today. It mends a bug, and it obeys a page that it read.\n");
        var first = project("first");
        var home = fakeHome();
        print(InsecureDirect.run(agent(), Map.of("HOME", home.toString()), first));
        System.out.println("\n  The attacker has got: " + attacker.got());
        System.out.println("  A hook waits in the real project: " + Files.exists(first.resolve(".git/hooks/pre-commit")) + "\n");

        System.out.println("Act 2: the same bytes in `masugata run`.\n");
        var second = project("second");
        attacker.forget();
        var masugata = new Home(stage.resolve("masugata"));
        try (var link = ResidentGate.ensure(masugata)) {
            var end = sealed(link, second);
            System.out.println("\n  The attacker has got: " + attacker.got());
            System.out.println("  In the real project, before anybody applied anything: " + Files.readString(second.resolve("shop.txt")).strip());
            System.out.println("  What it wants to change:");
            for (var change : end.items("changes")) System.out.println("    " + ((Json.Str) change).value());
            boolean kept = attacker.got().equals("nothing") && !Files.exists(second.resolve(".git/hooks/pre-commit"));
            apply(masugata, end.string("session").orElseThrow());
            kept &= Files.readString(second.resolve("shop.txt")).contains("quantity") && !Files.exists(second.resolve(".git/hooks/pre-commit"));
            System.out.println("  Applied: shop.txt and nothing else: " + Files.readString(second.resolve("shop.txt")).strip() + "\n");
            return record(masugata) && kept ? 0 : 1;
        } finally {
            end(masugata);
        }
    }

    private List<String> agent() {
        return List.of("sh", "agent.sh", Integer.toString(attacker.port()));
    }

    private Path project(String name) throws IOException {
        var project = Files.createDirectory(stage.resolve(name));
        Files.writeString(project.resolve("shop.txt"), "total = price * 2\n");
        try (var script = Demo.class.getResourceAsStream("agent.sh")) {
            if (script == null) throw new IllegalStateException("the demo's script is missing from this build");
            Files.write(project.resolve("agent.sh"), script.readAllBytes());
        }
        return project.toRealPath();
    }

    private Path fakeHome() throws IOException {
        var home = stage.resolve("home");
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/id_demo"), KEY);
        return home;
    }

    private Json.Obj sealed(Link link, Path project) throws IOException {
        link.message(Json.object("do", "run")
                .with("command", Json.strings(agent()))
                .with("workspace", project.toString())
                .with("named", Json.TRUE)
                .with("agent", "demo")
                .with("purpose", "mend the total")
                .with("environment", Json.object("HOME", stage.resolve("home").toString())));
        link.input(new byte[0]);
        var said = new ByteArrayOutputStream();
        var end = Optional.<Json.Obj>empty();
        while (end.isEmpty()) {
            switch (link.receive().orElseThrow(() -> new IOException("the gate closed the connection"))) {
                case Link.Received.Output(var bytes) -> said.write(bytes);
                case Link.Received.Error(var bytes) -> said.write(bytes);
                case Link.Received.Message(var message) -> message.string("banner").ifPresent(System.out::print);
                case Link.Received.End(var done) -> end = Optional.of(done);
                case Link.Received.Input _ -> {}
            }
        }
        var error = end.get().string("error");
        if (error.isPresent()) throw new IOException(error.get());
        print(said.toString(StandardCharsets.UTF_8));
        return end.get();
    }

    private static void apply(Home home, String session) throws IOException {
        try (var link = ResidentGate.ensure(home)) {
            link.message(Json.object("do", "review").with("what", "apply").with("session", session).with("paths", Json.strings(List.of("shop.txt"))));
            if (!(link.receive().orElse(null) instanceof Link.Received.End(var end)) || end.string("error").isPresent())
                throw new IOException("the change could not be applied");
        }
    }

    /// The record verifies, and a copy of it in which one byte was changed does not.
    private boolean record(Home home) throws IOException {
        try (var record = LedgerReader.open(LedgerOptions.at(home.directory()))) {
            var report = record.verify(Optional.empty());
            System.out.println("The record: " + report.events() + " events, " + (report.holds() ? "verified" : "NOT verified")
                    + "; see it with `masugata log` after a run of your own.");
            System.out.println("\nNow your own agent:  masugata run -- YOUR-AGENT");
            return report.holds();
        }
    }

    private static void end(Home home) throws IOException, InterruptedException {
        try (var link = ResidentGate.ensure(home)) {
            link.message(Json.object("do", "hand-over"));
            link.receive();
        }
        if (!home.awaitFree(Duration.ofSeconds(20))) throw new IOException("the demo's gate does not end");
    }

    private static void print(String said) {
        said.lines().forEach(line -> System.out.println("  | " + line));
    }
}
