package dev.masugata.app.commands;

import dev.masugata.app.Home;
import dev.masugata.app.HomeGuard;
import dev.masugata.app.PolicyFiles;
import dev.masugata.app.ResidentGate;
import dev.masugata.app.Version;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.ConfigProblem;
import dev.masugata.app.config.ManagedFile;
import dev.masugata.app.control.ControlClient;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.model.Channel;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.sandbox.Machine;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// `doctor`: what this machine offers, what is missing, and the line that mends it.
@Command(
        name = "doctor",
        description = "Says which protections this machine offers, what is missing, and the line that mends it.",
        footer = {"", "Example:", "  masugata doctor"})
final class DoctorCommand extends Options implements Callable<Integer> {
    /// @param state `ok`, `missing` or `note`
    private record Line(String name, String state, String text) {}

    @Override
    public Integer call() {
        var lines = new ArrayList<Line>();
        lines.add(new Line("masugata", "ok", Version.NUMBER + " on Java " + Runtime.version().feature()));
        var machine = probe();
        for (var part : machine.parts()) lines.add(line(part));
        home(lines);
        managed().ifPresent(lines::add);
        lines.add(guard());
        lines.add(new Line("same user", "note", "an unsealed program of yours can do all that you can, approvals included: run agents with `masugata run`"));
        boolean sound = lines.stream().noneMatch(it -> it.state().equals("missing"));
        if (json) print(new Json.Arr(lines.stream().map(it -> Json.object("name", it.name()).with("state", it.state()).with("text", it.text())).toList()));
        else {
            var table = new Table("WHAT", "STATE", "");
            lines.forEach(it -> table.row(it.name(), it.state(), it.text()));
            table.print(System.out, "");
        }
        return sound ? 0 : Failure.FAILED;
    }

    /// A look needs a place for its trial; where there is no home yet, a directory that is gone afterwards.
    private Machine probe() {
        var installation = Path.of(ResidentGate.installation());
        if (home().exists()) return Machine.probe(home().directory(), installation);
        try {
            var directory = Files.createTempDirectory("masugata-doctor-");
            try {
                return Machine.probe(directory, installation);
            } finally {
                try (var left = Files.walk(directory)) {
                    for (var file : left.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(file);
                }
            }
        } catch (java.io.IOException failed) {
            throw new Failure(Failure.FAILED, "this machine cannot be looked at: " + failed.getMessage());
        }
    }

    private static Line line(Machine.Part part) {
        var text = part.detail() + part.mend().map(it -> ". Mend it: " + it).orElse("");
        return switch (part.state()) {
            case WALL -> new Line(part.name(), "ok", "stood around a trial process: " + text);
            case READY -> new Line(part.name(), "ok", text);
            case UNUSED -> new Line(part.name(), "note", text + ", not used by this version");
            case MISSING -> new Line(part.name(), part.mend().isPresent() ? "missing" : "note", text);
        };
    }

    /// A classifier of the operator's own, as the home's configuration names it.
    private Line guard() {
        var file = home().config();
        if (!Files.exists(file)) return new Line("guard", "note", "none: our own detectors look at texts alone");
        try {
            var entry = ConfigFile.read(file).guard();
            if (entry.isEmpty()) return new Line("guard", "note", "none in " + file + ": our own detectors look alone");
            var channels = HomeGuard.thresholds(home(), entry.get()).keySet();
            var words = channels.stream().map(Channel::word).sorted().collect(Collectors.joining(", "));
            return new Line("guard", "ok", entry.get().files().model() + " looks at " + words);
        } catch (ConfigProblem.Invalid | Home.Unusable wrong) {
            return new Line("guard", "missing", "no gate starts: " + wrong.getMessage());
        }
    }

    private void home(List<Line> lines) {
        var home = home();
        if (!home.exists()) {
            lines.add(new Line("home", "note", home.directory() + " is made by the first run"));
            return;
        }
        lines.add(new Line("home", "ok", home.directory().toString()));
        boolean running = ControlClient.connect(home.socket()).map(link -> {
            link.close();
            return true;
        }).orElse(false);
        lines.add(new Line("gate", running ? "ok" : "note", running ? "running" : "none is running; `run` and `serve` start one"));
        if (!Files.exists(home.directory().resolve("ledger.db"))) return;
        tools().ifPresent(lines::add);
        lines.add(new Line("record", "note", "unanchored: against somebody who holds this machine it proves nothing; keep checkpoints elsewhere"));
    }

    /// What is quarantined, and what somebody is to look at again.
    private Optional<Line> tools() {
        try (var record = record()) {
            var pins = record.standing().pins().all();
            var held = pins.stream().filter(it -> it.state().isQuarantined()).map(Pin::name).toList();
            var due = pins.stream().filter(it -> it.isReviewDue(Instant.now())).map(Pin::name).toList();
            var parts = new ArrayList<String>();
            if (!held.isEmpty()) parts.add("quarantined: " + some(held) + "; look: masugata tools diff");
            if (!due.isEmpty()) parts.add("review due: " + some(due) + "; look, and approve again: masugata tools");
            if (parts.isEmpty()) return Optional.empty();
            return Optional.of(new Line("tools", "note", String.join(". ", parts)));
        }
    }

    private static final int NAMED_MAX = 10;

    private static String some(List<String> names) {
        return names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))
                + (names.size() > NAMED_MAX ? " and " + (names.size() - NAMED_MAX) + " more" : "");
    }

    /// What the owner of the machine asks of every gate, if anything.
    private static Optional<Line> managed() {
        try {
            var managed = ManagedFile.read();
            PolicyFiles.managed(managed);
            return managed.file()
                    .map(it -> new Line("managed rules", "ok", it + ": " + String.join("; ", managed.asks())));
        } catch (ConfigProblem.Invalid | PolicyProblem.Invalid wrong) {
            return Optional.of(new Line("managed rules", "missing", "no gate starts: " + wrong.getMessage()));
        }
    }
}
