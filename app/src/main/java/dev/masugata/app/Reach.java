package dev.masugata.app;

import dev.masugata.ledger.Pins.Pin;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Money;
import dev.masugata.model.Outcome;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.HostRule;
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
import java.util.Optional;
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

    /// @param workspace     what a run would work on as a copy
    /// @param noWorkspace   why it could not run; empty if it could
    /// @param tools         approved tools by class
    /// @param direct        real directories that a run can write at once, without review
    /// @param fromOutside   real directories that its tools work on when it calls with a token; empty: it has none
    /// @param managed       what the owner of the machine asks of every gate
    /// @param reviewDue     tools that somebody is to look at again
    record Bound(
            Optional<Path> workspace, String noWorkspace, long files, boolean allCounted,
            Map<ToolClass, List<String>> tools, List<Path> readable, List<Path> direct,
            Optional<List<Path>> fromOutside, List<String> managed, List<String> reviewDue, List<String> hosts,
            Lent lent) {

        Bound outside(Optional<List<Path>> directories) {
            return new Bound(
                    workspace, noWorkspace, files, allCounted, tools, readable, direct, directories, managed,
                    reviewDue, hosts, lent);
        }

        Bound opening(List<String> more) {
            var all = new ArrayList<>(hosts);
            all.addAll(more);
            return new Bound(
                    workspace, noWorkspace, files, allCounted, tools, readable, direct, fromOutside, managed,
                    reviewDue, all, lent);
        }

        Bound limiting(Money run) {
            var money = new ArrayList<>(lent.money());
            money.add(run + " in all for this run");
            return new Bound(
                    workspace, noWorkspace, files, allCounted, tools, readable, direct, fromOutside, managed,
                    reviewDue, hosts, new Lent(lent.credentials(), money));
        }

        Json.Obj json() {
            var byClass = Json.EMPTY;
            for (var one : tools.entrySet()) byClass = byClass.with(one.getKey().word(), Json.strings(one.getValue()));
            var json = Json.object("hosts", Json.strings(hosts))
                    .with("models", new Json.Arr(List.of()))
                    .with("credentials", Json.strings(lent.credentials()))
                    .with("money", Json.strings(lent.money()))
                    .with("tools", byClass)
                    .with("files", filesJson())
                    .with("readable", paths(readable))
                    .with("writtenAtOnce", paths(direct))
                    .with("managed", Json.strings(managed))
                    .with("reviewDue", Json.strings(reviewDue));
            return fromOutside.isEmpty() ? json : json.with("fromOutsideWrittenAtOnce", paths(fromOutside.get()));
        }

        private Json filesJson() {
            if (workspace.isEmpty()) return Json.object("none", noWorkspace);
            return Json.object("workspace", workspace.get().toString())
                    .with("count", files)
                    .with("countIsComplete", Json.of(allCounted))
                    .with("restorable", Json.TRUE);
        }

        private static Json.Arr paths(List<Path> paths) {
            return Json.strings(paths.stream().map(Path::toString).toList());
        }

        String text() {
            var text = new StringBuilder();
            if (workspace.isEmpty()) line(text, "files", "none: " + noWorkspace);
            else line(text, "files", counted() + " in " + workspace.get() + ", as a copy: all restorable");
            if (!readable.isEmpty()) line(text, "readable", joined(readable));
            var lost = direct.isEmpty() ? "nothing" : "what is changed in " + joined(direct) + " counts at once";
            line(text, "not restorable", lost);
            fromOutside.ifPresent(it -> line(text, "with its token",
                    it.isEmpty() ? "no files" : "what its tools change in " + joined(it) + " counts at once"));
            line(text, "network", hosts.isEmpty() ? "no host" : String.join(", ", hosts));
            line(text, "models", "none");
            line(text, "credentials", lent.credentials().isEmpty()
                    ? "none"
                    : "set by the gate, never seen: " + String.join(", ", lent.credentials()));
            if (lent.money().isEmpty()) line(text, "money", "nothing has a price");
            lent.money().forEach(it -> line(text, "money", it));
            if (tools.isEmpty()) line(text, "tools", "none");
            tools.forEach((kind, names) -> line(text, "tools", kind.word() + ": " + String.join(", ", names)));
            if (!reviewDue.isEmpty()) line(text, "review due", String.join(", ", reviewDue) + ": masugata tools");
            managed.forEach(it -> line(text, "managed", it));
            return text.toString();
        }

        String counted() {
            return (allCounted ? "" : "more than ") + files + (files == 1 ? " file" : " files");
        }

        private static String joined(List<Path> paths) {
            return String.join(", ", paths.stream().map(Path::toString).toList());
        }
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(what).append(" ".repeat(Math.max(2, 16 - what.length()))).append(value).append('\n');
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
        // Of a run too: such a server does not work on the copy.
        for (var server : house.config.servers().values()) if (server.host()) server.dir().ifPresent(direct::add);
        var bound = new Bound(
                Optional.of(wanted.workspace()), "", count.files, count.complete, tools(), readable, direct,
                Optional.empty(), house.config.managed().asks(), reviewDue(), hosts(), lent())
                .opening(wanted.hosts().stream().map(HostRule::text).toList());
        return wanted.budget().map(bound::limiting).orElse(bound);
    }

    /// What is lent to agents: credentials, without their values, and money.
    record Lent(List<String> credentials, List<String> money) {}

    private Lent lent() {
        var credentials = house.config.credentials().values().stream()
                .map(it -> it.name() + " at " + it.origin()).sorted().toList();
        var money = new ArrayList<String>();
        var now = house.clock.instant();
        for (var budget : house.purse.budgets()) {
            var used = budget.used(house.ledger.standing().spending(), now)
                    .map(it -> ": " + it.settled() + " used, " + it.reserved() + " reserved");
            money.add(budget.text() + used.orElse(""));
        }
        if (money.isEmpty() && !house.purse.prices().isEmpty())
            money.add("without limit: " + house.purse.prices().size() + " prices, and no budget");
        return new Lent(credentials, List.copyOf(money));
    }

    /// The hosts that configuration opens, as its entries say; those of a server's program with its name.
    private List<String> hosts() {
        var hosts = new ArrayList<>(house.config.hosts().stream().map(HostRule::text).toList());
        for (var server : house.config.servers().values())
            for (var rule : server.allow()) hosts.add(rule.text() + " through server " + server.name());
        return List.copyOf(hosts);
    }

    /// What can be said where nothing could run.
    ///
    /// @param why it could not
    Bound without(String why) {
        return new Bound(
                Optional.empty(), why, 0, true, tools(), List.of(), List.of(), Optional.empty(),
                house.config.managed().asks(), reviewDue(), hosts(), lent());
    }

    /// The real directories that an agent's calls from outside work on; empty if it has no token.
    Optional<List<Path>> outside(String agent) {
        boolean configured = house.config.agents().stream()
                .anyMatch(it -> it.id().equals(agent) && it.token().isPresent());
        var known = house.ledger.standing().agents().of(agent);
        boolean revoked = known.map(it -> it.revoked()).orElse(false);
        boolean added = known.map(it -> !it.token().isEmpty()).orElse(false);
        if (revoked || !configured && !added) return Optional.empty();
        return Optional.of(tools().values().stream()
                .flatMap(List::stream)
                .map(tool -> tool.substring(0, tool.indexOf('/')))
                .distinct()
                .flatMap(server -> Optional.ofNullable(house.config.servers().get(server)).flatMap(it -> it.dir())
                        .stream())
                .distinct()
                .toList());
    }

    /// The bound beside what was used of it.
    Json.Obj answer(Bound bound, String who, List<String> used) {
        var can = bound.tools().values().stream().flatMap(List::stream).toList();
        var never = can.stream().filter(it -> !used.contains(it)).toList();
        var text = new StringBuilder(bound.text());
        line(text, "used", (used.isEmpty() ? "nothing" : String.join(", ", used)) + " (by " + who + ")");
        line(text, "never used", never.isEmpty() ? "nothing" : String.join(", ", never));
        return bound.json()
                .with("used", Json.strings(used))
                .with("neverUsed", Json.strings(never))
                .with("text", text.toString());
    }

    Map<ToolClass, List<String>> tools() {
        var tools = new TreeMap<ToolClass, List<String>>();
        for (var pin : house.ledger.standing().pins().all())
            if (usable(pin)) tools.computeIfAbsent(pin.toolClass(), _ -> new ArrayList<>()).add(pin.name());
        return tools;
    }

    /// What of it somebody is to look at again.
    private List<String> reviewDue() {
        var now = house.clock.instant();
        return house.ledger.standing().pins().all().stream()
                .filter(it -> usable(it) && it.isReviewDue(now))
                .map(Pin::name)
                .toList();
    }

    /// The tools that an agent was let use, in all of its sessions on record.
    List<String> usedBy(String agent) {
        return house.ledger.standing().sessions().all().stream()
                .filter(it -> it.agent().equals(agent))
                .flatMap(it -> used(it.id()).stream())
                .distinct()
                .sorted()
                .toList();
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
        return pin.isTool() && pin.isUsable() && house.config.servers().containsKey(pin.server());
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
