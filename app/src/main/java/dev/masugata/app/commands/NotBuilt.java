package dev.masugata.app.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/// Commands of the contract whose part does not exist: refused with the reason, never ignored.
@Command(hidden = true)
final class NotBuilt implements Callable<Integer> {
    static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("attach", "detached runs"),
            Map.entry("exec", "a second command in a run"),
            Map.entry("commit", "the commit broker"),
            Map.entry("undo", "the egress gate"),
            Map.entry("attack", "the watchtower"));

    private final String name;

    @Parameters(arity = "0..*", hidden = true)
    List<String> rest = List.of();

    @Unmatched
    List<String> flags = new ArrayList<>(); // filled in place

    NotBuilt(String name) {
        this.name = name;
    }

    @Override
    public Integer call() {
        throw new Failure(Failure.USAGE, "`" + name + "`: " + PARTS.get(name) + " is not built yet");
    }
}
