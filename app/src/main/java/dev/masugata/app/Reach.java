package dev.masugata.app;

import dev.masugata.ledger.Pins.Pin;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The upper bound of what a run can reach and destroy: derived from what it is given, not from what it is asked to do.
final class Reach {
    /// Files counted in a workspace; past it the count says `more than`.
    static final int FILES_MAX = 1_000_000;

    private final House house;

    Reach(House house) {
        this.house = house;
    }

    /// @param tools   approved tools by class, each with what becomes of a call
    /// @param direct  real directories that can be written at once, without review
    record Bound(
            Path workspace, long files, boolean allCounted, Map<ToolClass, List<String>> tools, List<Path> readable,
            List<Path> direct) {

        Json.Obj json() {
            var byClass = Json.EMPTY;
            for (var one : tools.entrySet()) byClass = byClass.with(one.getKey().word(), Json.strings(one.getValue()));
            return Json.object("hosts", new Json.Arr(List.of()))
                    .with("models", new Json.Arr(List.of()))
                    .with("credentials", new Json.Arr(List.of()))
                    .with("tools", byClass)
                    .with("files", Json.object("workspace", workspace.toString())
                            .with("count", files)
                            .with("countIsComplete", Json.of(allCounted))
                            .with("restorable", Json.TRUE))
                    .with("readable", paths(readable))
                    .with("writtenAtOnce", paths(direct));
        }

        private static Json.Arr paths(List<Path> paths) {
            return Json.strings(paths.stream().map(Path::toString).toList());
        }

        String text() {
            var text = new StringBuilder();
            text.append("files        ").append(counted()).append(" in ").append(workspace).append(", as a copy: all restorable\n");
            if (!readable.isEmpty()) text.append("readable     ").append(joined(readable)).append('\n');
            text.append("not restorable  ")
                    .append(direct.isEmpty() ? "nothing" : "what is changed in " + joined(direct) + " counts at once")
                    .append('\n');
            text.append("network      no host\n");
            text.append("models       none\n");
            text.append("credentials  none\n");
            if (tools.isEmpty()) text.append("tools        none\n");
            tools.forEach((toolClass, names) -> text.append("tools        ").append(toolClass.word()).append(": ").append(String.join(", ", names)).append('\n'));
            return text.toString();
        }

        String counted() {
            return (allCounted ? "" : "more than ") + files + (files == 1 ? " file" : " files");
        }

        private static String joined(List<Path> paths) {
            return String.join(", ", paths.stream().map(Path::toString).toList());
        }
    }

    Bound of(Runs.Wanted wanted) {
        var count = new Count();
        try {
            Files.walkFileTree(wanted.workspace(), count);
        } catch (IOException unreadable) {
            count.complete = false;
        }
        var direct = new ArrayList<Path>();
        var readable = new ArrayList<Path>();
        for (var bind : wanted.binds()) (bind.writable() ? direct : readable).add(bind.source());
        return new Bound(wanted.workspace(), count.files, count.complete, tools(), readable, direct);
    }

    Map<ToolClass, List<String>> tools() {
        var tools = new TreeMap<ToolClass, List<String>>();
        for (var pin : house.ledger.standing().pins().all())
            if (usable(pin)) tools.computeIfAbsent(pin.toolClass(), _ -> new ArrayList<>()).add(pin.name());
        return tools;
    }

    /// The tools that a session was let use, from the record.
    List<String> used(String session) {
        var used = new TreeSet<String>();
        var query = Query.ALL.withSession(session).withType("decided");
        var reader = house.ledger.reader();
        for (var page = reader.entries(query); !page.isEmpty(); page = reader.entries(query.withAfter(page.getLast().seq())))
            for (var entry : page)
                if (entry.event() instanceof Event.Decided it && it.kind() == Action.Kind.TOOL_CALL && it.outcome() == Outcome.ALLOWED)
                    used.add(it.target());
        return List.copyOf(used);
    }

    private boolean usable(Pin pin) {
        var server = pin.name().substring(0, pin.name().indexOf('/'));
        return pin.isApproved() && pin.definition().equals(pin.seen()) && house.config.servers().containsKey(server);
    }

    private static final class Count extends SimpleFileVisitor<Path> {
        private long files;
        private boolean complete = true;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (++files < FILES_MAX) return FileVisitResult.CONTINUE;
            complete = false;
            return FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            complete = false;
            return FileVisitResult.CONTINUE;
        }
    }
}
