package dev.masugata.analyst;

import dev.masugata.wire.Json;
import java.util.List;

/// What happened in a session, as far as the record shows it: step by step, each with its query and its evidence.
///
/// @param steps   each leans on what the one before it found
/// @param actions what can be done; nothing is done by asking
public record Investigation(String session, Verdict verdict, String says, List<Step> steps, List<Act> actions) {
    /// What the steps amount to.
    public enum Verdict {
        /// An order of a stranger was followed, and something got through.
        HAPPENED,
        /// It was followed, and all of it was held or denied.
        STOPPED,
        /// It was seen, and nothing was done after it.
        NOTHING_FOLLOWED,
        /// The record does not show it: a step found nothing to go on with.
        UNKNOWN;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /// @param query    a command that shows the same
    /// @param evidence numbers of entries: `log show` takes each
    public record Step(String question, String query, String found, List<String> evidence) {}

    /// @param kind    `contain`, `eradicate` or `prevent`
    /// @param command a command of Masugata
    public record Act(String kind, String command, String why) {}

    public Json.Obj json() {
        return Json.object("session", session).with("verdict", verdict.word()).with("says", says)
                .with("steps", new Json.Arr(steps.stream().map(it -> Json.object("question", it.question())
                        .with("query", it.query()).with("found", it.found())
                        .with("evidence", Json.strings(it.evidence()))).toList()))
                .with("actions", new Json.Arr(actions.stream().map(it -> Json.object("kind", it.kind())
                        .with("command", it.command()).with("why", it.why())).toList()));
    }
}
