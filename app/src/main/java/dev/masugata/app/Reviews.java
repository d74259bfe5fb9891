package dev.masugata.app;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.sandbox.Applied;
import dev.masugata.sandbox.Change;
import dev.masugata.sandbox.Changes;
import dev.masugata.sandbox.Node;
import dev.masugata.sandbox.Sandbox;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.TreePath;
import dev.masugata.wire.Json;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// What sessions changed, and a person's answer to it. What has changed nothing, or no longer, is not kept.
final class Reviews {
    private static final System.Logger LOG = System.getLogger("masugata.review");
    /// Changes named at the end of a run; `masugata diff` shows all.
    static final int CHANGES_SHOWN = 200;
    /// Characters of one diff shown; of what comes after only the names are.
    static final int DIFF_CHARS_MAX = 4 * 1024 * 1024;
    /// Paths that one event of the record names; its digest covers all.
    static final int PATHS_RECORDED = 1_000;

    private final House house;

    Reviews(House house) {
        this.house = house;
    }

    Json.Obj answer(Principal.Operator operator, Json.Obj request) throws Refused {
        var paths = new ArrayList<String>();
        for (var path : request.items("paths")) if (path instanceof Json.Str(var text, _)) paths.add(text);
        try {
            var id = session(request.string("session").orElse(""));
            return switch (request.string("what").orElse("")) {
                case "diff" -> isKept(id) ? diff(id) : nothing(id);
                case "apply" -> isKept(id) ? apply(operator, id, paths) : nothing(id);
                case "discard" -> discard(operator, id);
                default -> throw new Refused(2, "review is diff, apply or discard");
            };
        } catch (SealException unreadable) {
            throw new Refused(1, String.valueOf(unreadable.getMessage()));
        }
    }

    private Sandbox sandbox() throws SealException {
        if (house.sandbox == null) throw new SealException("this machine cannot seal processes: masugata doctor");
        return house.sandbox;
    }

    // --- which session ----------------------------------------------------------------------------------------

    private List<String> kept() throws SealException {
        return sandbox().stored().stream().map(it -> it.id()).toList();
    }

    private boolean isKept(String id) throws SealException {
        return kept().contains(id);
    }

    /// The run that a prefix means; without one the latest, whether it has kept changes or not: who discards twice
    /// means one session and not two.
    private String session(String prefix) throws Refused, SealException {
        var known = new LinkedHashSet<>(kept());
        for (var session : house.ledger.standing().sessions().all())
            if (session.kind().equals("sealed")) {
                known.remove(session.id());
                known.add(session.id());
            }
        if (known.isEmpty()) throw new Refused(1, "no session has kept changes");
        if (prefix.isEmpty()) return known.getLast();
        if (known.contains(prefix)) return prefix;
        var matching = known.stream().filter(it -> it.startsWith(prefix) || it.startsWith("s-" + prefix)).toList();
        if (matching.size() == 1) return matching.getFirst();
        throw new Refused(1, matching.isEmpty()
                ? "no session `" + prefix + "` has kept changes"
                : "`" + prefix + "` could be " + String.join(", ", matching));
    }

    private String hasNone(String id) throws SealException {
        var others = kept();
        return "session " + id + " has kept no changes"
                + (others.isEmpty() ? "" : "; kept are those of " + String.join(", ", others));
    }

    private Json.Obj nothing(String id) throws SealException {
        return Json.object("session", id)
                .with("text", hasNone(id) + "\n")
                .with("changes", Json.strings(List.of()))
                .with("unread", Json.strings(List.of()))
                .with("applied", Json.strings(List.of()))
                .with("refused", Json.strings(List.of()));
    }

    // --- at the end of a run ----------------------------------------------------------------------------------

    /// What it changed, a line each.
    Json.Arr lines(String id) throws SealException {
        try (var review = sandbox().review(id)) {
            var all = review.changes();
            var lines = new ArrayList<String>();
            for (var change : all.list().subList(0, Math.min(CHANGES_SHOWN, all.list().size()))) lines
                    .add(line(change));
            if (all.list().size() > CHANGES_SHOWN) lines.add("and " + (all.list().size() - CHANGES_SHOWN) + " more");
            all.unread().forEach(it -> lines.add(line(it)));
            return Json.strings(lines);
        }
    }

    /// A session that is over and left nothing to decide leaves nothing behind.
    void forgetIfUnchanged(String id) {
        try {
            if (!isKept(id) || sandbox().running().stream().anyMatch(it -> it.id().equals(id))) return;
            try (var review = sandbox().review(id)) {
                var left = review.changes();
                if (!left.list().isEmpty() || !left.unread().isEmpty()) return;
            }
            sandbox().discard(id);
        } catch (SealException busy) {
            LOG.log(Level.WARNING, "what session " + id + " left is kept: " + busy.getMessage());
        }
    }

    // --- answers ----------------------------------------------------------------------------------------------

    private Json.Obj diff(String id) throws SealException {
        try (var review = sandbox().review(id)) {
            var changes = review.changes();
            var text = new StringBuilder();
            for (var change : changes.list()) {
                text.append(line(change)).append('\n');
                if (text.length() < DIFF_CHARS_MAX) review.diff(change).forEach(it -> text.append(it).append('\n'));
                else text.append("(too much to show: masugata apply or discard it by its path)\n");
            }
            if (changes.list().isEmpty()) text.append("session ").append(id).append(" left nothing changed\n");
            changes.unread().forEach(it -> text.append(line(it)).append('\n'));
            return Json.object("session", id)
                    .with("text", text.toString())
                    .with("changes", new Json.Arr(changes.list().stream().map(Reviews::data).toList()))
                    .with("unread", new Json.Arr(changes.unread().stream().map(Reviews::data).toList()))
                    .with("digest", changes.digest());
        }
    }

    private Json.Obj apply(Principal.Operator operator, String id, List<String> paths) throws SealException, Refused {
        List<Change> chosen;
        Applied applied;
        try (var review = sandbox().review(id)) {
            chosen = chosen(review.changes(), paths);
            // The intent is on record before the first file is touched, and after it what became of it.
            record(operator, id, "applying", chosen);
            applied = review.apply(chosen);
        }
        var done = chosen.stream().filter(it -> applied.done().contains(it.path())).toList();
        record(operator, id, "applied", done);
        forgetIfUnchanged(id);
        return Json.object("session", id)
                .with("applied", Json.strings(applied.done().stream().map(Object::toString).toList()))
                .with("refused", new Json.Arr(applied.refused().stream().map(Reviews::data).toList()))
                .with("dropped", new Json.Arr(done.stream().filter(Reviews::dropsBits).map(Reviews::bits).toList()));
    }

    private static List<Change> chosen(Changes changes, List<String> paths) throws Refused {
        if (paths.isEmpty()) return changes.list();
        var chosen = new ArrayList<Change>();
        for (var path : paths) {
            var meant = changes.list().stream()
                    .filter(it -> it.path().toString().equals(path) || it.path().toString().startsWith(path + "/"))
                    .toList();
            if (meant.isEmpty()) throw new Refused(1, "the session changed nothing at `" + path + "`");
            chosen.addAll(meant);
        }
        return chosen;
    }

    private void record(Principal.Operator operator, String id, String change, List<Change> changes) {
        var detail = Json.object("digest", new Changes(changes, List.of()).digest()).with("count", changes.size());
        var paths = Json.strings(changes.stream().limit(PATHS_RECORDED).map(it -> it.path().toString()).toList());
        house.ledger.append(
                new Event.Changed(id, operator.id(), Event.Subject.FILES, id, change, detail, paths));
    }

    private Json.Obj discard(Principal.Operator operator, String id) throws SealException, Refused {
        if (!isKept(id)) throw new Refused(1, hasNone(id));
        try (var review = sandbox().review(id)) {
            record(operator, id, "discarded", review.changes().list());
        }
        sandbox().discard(id);
        return Json.object("session", id);
    }

    // --- as lines and as data ---------------------------------------------------------------------------------

    private static String line(Change change) {
        var kind = change.kind().word();
        var dropped = dropsBits(change) ? "   (without " + String.join(", ", change.dropped()) + ")" : "";
        return kind + " ".repeat(Math.max(1, 12 - kind.length())) + change.path() + dropped
                + change.obstacle().map(it -> "   (not to be applied: " + it + ")").orElse("");
    }

    private static String line(Changes.Unread it) {
        return "unread    " + (it.path().equals(TreePath.ROOT) ? "." : it.path()) + ": " + it.reason();
    }

    private static boolean dropsBits(Change change) {
        return !change.dropped().isEmpty();
    }

    private static Json.Obj bits(Change change) {
        return Json.object("path", change.path().toString()).with("bits", Json.strings(change.dropped()));
    }

    private static Json.Obj data(Change change) {
        var data = Json.object("path", change.path().toString())
                .with("kind", change.kind().word())
                .with("before", data(change.before()))
                .with("after", data(change.after()));
        if (dropsBits(change)) data = data.with("dropped", Json.strings(change.dropped()));
        return change.obstacle().isPresent() ? data.with("obstacle", change.obstacle().get()) : data;
    }

    private static Json data(Optional<Node> node) {
        if (node.isEmpty()) return Json.NULL;
        var data = Json.object("type", node.get().word());
        return switch (node.get()) {
            case Node.File(int mode, long size, var sha256) -> {
                var file = data.with("mode", octal(mode)).with("size", size);
                yield sha256.isPresent() ? file.with("sha256", sha256.get()) : file;
            }
            case Node.Directory(int mode) -> data.with("mode", octal(mode));
            case Node.Link link -> data.with("target", link.text());
            case Node.Special _ -> data;
        };
    }

    private static String octal(int mode) {
        return "%04o".formatted(mode);
    }

    private static Json.Obj data(Changes.Unread it) {
        return Json.object("path", it.path().toString()).with("why", it.reason());
    }

    private static Json.Obj data(Applied.Refused it) {
        return Json.object("path", it.path().toString()).with("why", it.reason());
    }
}
