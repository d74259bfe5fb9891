package dev.masugata.analyst;

import dev.masugata.analyst.Investigation.Act;
import dev.masugata.analyst.Investigation.Step;
import dev.masugata.analyst.Investigation.Verdict;
import dev.masugata.ledger.Entry;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Follows a stranger's order through a session: what was found, in what it came, what was done after it because of
/// it, and what of that got through. It reads types, names and numbers of the record; no text of a stranger decides
/// anything here.
public final class Playbook {
    /// Actions of one step that are named; all are counted.
    private static final int NAMED = 5;

    private final String session;
    private final List<Entry> entries;
    private final List<Step> steps = new ArrayList<>();

    private Playbook(String session, List<Entry> entries) {
        this.session = session;
        this.entries = entries.stream().filter(it -> it.event().session().equals(session)).toList();
    }

    /// @param entries of the record, oldest first; of other sessions too
    public static Investigation of(String session, List<Entry> entries) {
        return new Playbook(session, entries).run();
    }

    private Investigation run() {
        var finding = found();
        if (finding.isEmpty())
            return ended(Verdict.UNKNOWN,
                    "nothing of high severity was found in this session; what else happened, the record"
                    + " shows as it is: masugata log --session " + session);
        var source = source(finding.get());
        if (source.isEmpty())
            return ended(Verdict.UNKNOWN, "the record does not say which call brought `" + rule(finding.get()) + "`");
        var followed = followed(source.get());
        if (followed.all.isEmpty())
            return ended(Verdict.NOTHING_FOLLOWED, "`" + rule(finding.get()) + "` was seen in "
                    + target(source.get()) + ", and nothing was done after it", source.get());
        if (followed.linked.isEmpty())
            return ended(Verdict.UNKNOWN, "no decision after it names what came from " + target(source.get())
                    + ": whether the order was followed is not on record", source.get());
        return effect(finding.get(), source.get(), followed.linked);
    }

    /// The first severe finding in what came from outside: the agent's own actions are looked at by policy.
    private Optional<Entry> found() {
        var all = entries.stream().filter(it -> it.event() instanceof Event.Found found
                && found.finding().severity().compareTo(Severity.HIGH) >= 0
                && !found.principal().startsWith("agent:")).toList();
        var first = all.stream().findFirst();
        steps.add(new Step(
                "was anything severe found in what the session was shown?", "masugata log --session " + session,
                first.map(it -> rule(it) + " (" + ((Event.Found) it.event()).finding().severity().word() + ") from "
                        + it.event().principal() + ", " + all.size() + " in all").orElse("nothing of high severity"),
                ids(all)));
        return first;
    }

    /// The call that was answered with it: let through, to the party that the finding names, and not ended before it.
    /// Where two such calls were open at once, the record does not say which it was.
    private Optional<Entry> source(Entry finding) {
        var open = entries.stream()
                .filter(it -> it.seq() < finding.seq() && it.event() instanceof Event.Decided decided
                        && isEffect(decided.kind()) && isThrough(decided.outcome())
                        && party(decided).equals(finding.event().principal())
                        && end(it).filter(end -> end.seq() < finding.seq()).isEmpty())
                .toList();
        var found = open.size() == 1 ? Optional.of(open.getFirst()) : Optional.<Entry>empty();
        var evidence = new ArrayList<>(decisions(open));
        found.flatMap(this::end).ifPresent(it -> evidence.add(Long.toString(it.seq())));
        steps.add(new Step(
                "which call brought it?",
                "masugata log show " + found.map(it -> "d-" + it.seq()).orElse(Long.toString(finding.seq())),
                found.map(it -> ((Event.Decided) it.event()).kind().word() + " " + target(it) + ", answered by "
                        + finding.event().principal()).orElse(open.size() + " calls could have"),
                evidence));
        return found;
    }

    private Optional<Entry> end(Entry decided) {
        return entries.stream().filter(it -> it.event() instanceof Event.Done done && done.decided() == decided.seq())
                .findFirst();
    }

    /// Who answers it, as findings name them.
    private static String party(Event.Decided it) {
        if (it.kind() == Action.Kind.HTTP_REQUEST) {
            var host = it.target().replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
            return "host:" + host.replaceFirst(":[0-9]+$", "");
        }
        int slash = it.target().indexOf('/');
        return "server:" + (slash < 0 ? it.target() : it.target().substring(0, slash));
    }

    /// @param all    what was asked for after it
    /// @param linked of these what a decision traces back to it
    private record Followed(List<Entry> all, List<Entry> linked) {}

    private Followed followed(Entry source) {
        var all = entries.stream()
                .filter(it -> it.seq() > source.seq() && it.event() instanceof Event.Decided decided
                        && isEffect(decided.kind()))
                .toList();
        var linked = all.stream().filter(it -> isLinked((Event.Decided) it.event(), source)).toList();
        steps.add(new Step(
                "what was done after it, with values that came from " + target(source) + "?",
                "masugata log --session " + session + " --since " + source.time(),
                linked.size() + " of " + all.size() + " actions after it" + named(linked),
                        decisions(linked.isEmpty() ? all : linked)));
        return new Followed(all, linked);
    }

    /// A decision says by which call a value came in: `mail/read (d-9 /content/0/text, verbatim)`.
    private static boolean isLinked(Event.Decided decided, Entry source) {
        return decided.because().stream()
                .anyMatch(it -> it.id().equals("provenance/path") && it.text().contains("(d-" + source.seq() + " "));
    }

    private static boolean isEffect(Action.Kind kind) {
        return switch (kind) {
            case TOOL_CALL, HTTP_REQUEST, RESOURCE_READ, PROMPT_GET, SAMPLE, ELICIT, TASK_OP, FILE_APPLY -> true;
            case TOOL_LIST, RESOURCE_LIST, PROMPT_LIST, COMPLETE, SUBSCRIBE, LIFECYCLE, MODEL_CALL, DELIVERY,
                    HOUSE_CALL,
                    OPERATOR ->
                false;
        };
    }

    private Investigation effect(Entry finding, Entry source, List<Entry> linked) {
        var passed = linked.stream().filter(it -> isThrough(((Event.Decided) it.event()).outcome())).toList();
        var ends = entries.stream().filter(it -> it.event() instanceof Event.Done done
                && passed.stream().anyMatch(p -> p.seq() == done.decided())).toList();
        var evidence = new ArrayList<>(decisions(linked));
        evidence.addAll(ids(ends));
        steps.add(new Step(
                "what of it got through?", "masugata log --session " + session + " --denied",
                passed.size() + " got through" + named(passed) + ", " + (linked.size() - passed.size()) + " did not",
                        evidence));
        var cause = "`" + rule(finding) + "` came in with " + target(source);
        if (passed.isEmpty())
            return ended(Verdict.STOPPED, cause + "; " + linked.size() + " actions followed it and none got through",
                    source);
        return ended(Verdict.HAPPENED, cause + "; it was followed, and this got through:" + named(passed), source);
    }

    private static boolean isThrough(Outcome outcome) {
        return switch (outcome) {
            case ALLOWED, MASKED -> true;
            case HELD, DENIED, QUARANTINED -> false;
        };
    }

    private Investigation ended(Verdict verdict, String says) {
        return new Investigation(session, verdict, says, List.copyOf(steps), List.of(
                new Act("contain", "masugata stop " + session, "closes its gates while you look")));
    }

    private Investigation ended(Verdict verdict, String says, Entry source) {
        var acts = new ArrayList<Act>();
        acts.add(new Act("contain", "masugata stop " + session, "closes its gates; nothing of it goes on"));
        var target = target(source);
        if (target.matches("[a-z0-9-]+/[A-Za-z0-9_.-]{1,128}"))
            acts.add(new Act("eradicate", "masugata tools revoke " + target,
                    "what brought the order is shown to no agent any more"));
        acts.add(new Act("eradicate", "masugata discard " + session,
                "throws away what it changed in its copy of the workspace"));
        acts.add(new Act("prevent", "masugata risks fix",
                "names the changes after which such an order has less to reach"));
        acts.add(new Act("prevent", "masugata policy replay --since " + source.time(),
                "what another policy would have decided"));
        return new Investigation(session, verdict, says, List.copyOf(steps), List.copyOf(acts));
    }

    private static String rule(Entry finding) {
        return ((Event.Found) finding.event()).finding().rule();
    }

    private static String target(Entry decided) {
        return ((Event.Decided) decided.event()).target();
    }

    private static String named(List<Entry> decided) {
        if (decided.isEmpty()) return "";
        var some = decided.stream().limit(NAMED).map(it -> {
            var one = (Event.Decided) it.event();
            return one.kind().word() + " " + one.target() + " " + one.outcome().word() + " (d-" + it.seq() + ")";
        }).collect(Collectors.joining(", ", " ", ""));
        return decided.size() > NAMED ? some + " and " + (decided.size() - NAMED) + " more" : some;
    }

    private static List<String> ids(List<Entry> entries) {
        return entries.stream().map(it -> Long.toString(it.seq())).toList();
    }

    private static List<String> decisions(List<Entry> entries) {
        return entries.stream().map(it -> "d-" + it.seq()).toList();
    }
}
