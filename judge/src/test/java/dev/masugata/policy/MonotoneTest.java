package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.Origins;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Invariant 3: restriction is monotone. Whatever policies load, to know more or to forbid more never moves a decision
/// towards Allow. The same property finds a counterexample as soon as the loader or the evaluator is weakened.
@Tag("invariants")
class MonotoneTest {
    private static final int SETS = Boolean.getBoolean("full") ? 20_000 : 120;
    private static final int EVIDENCE_PER_SET = 12;
    private static final int POLICIES_PER_SET = 3;

    /// Answers for every permit of a random set, so that [Unmapped] lets it pass.
    private static final String STOP =
            "@id(\"stop\") @hold(\"unread?\") forbid (principal, action in Action::\"tool_call\", resource)"
                    + " when { !context.unmapped.isEmpty() };\n";

    /// A condition that cannot be evaluated, whatever is asked.
    private static final String ERRS = "when { 9223372036854775807 + 1 == 0 }\n";

    private interface Load {
        Optional<PolicySet> of(String text) throws Exception;
    }

    private interface Decide {
        int strictness(PolicySet policy, Evidence evidence);
    }

    // --- the property -----------------------------------------------------------------------------------------

    @Test
    void noMoreKnowledgeMeansNoMoreRights() throws Exception {
        var tried = new Tried();
        var found = counterexample(MonotoneTest::load, MonotoneTest::decide, tried);
        assertEquals(Optional.empty(), found);
        assertTrue(tried.loaded > SETS / 5, "most sets were refused: " + tried);
        assertTrue(tried.strictened > SETS, "the perturbations change nothing: " + tried);
    }

    // --- the mutants ------------------------------------------------------------------------------------------

    @Test
    void findsALoaderThatDoesNotAskForMonotony() throws Exception {
        assertTrue(counterexample(MonotoneTest::loadUnchecked, MonotoneTest::decide, new Tried()).isPresent());
    }

    @Test
    void findsAnEvaluatorThatSkipsErringForbids() throws Exception {
        Decide mutant = (policy, evidence) -> fromLines(policy, evidence, false);
        assertTrue(counterexample(MonotoneTest::load, mutant, new Tried()).isPresent());
    }

    @Test
    void theEvaluatorOfTheMutantIsOtherwiseOurs() throws Exception {
        Decide same = (policy, evidence) -> fromLines(policy, evidence, true);
        assertEquals(Optional.empty(), counterexample(MonotoneTest::load, same, new Tried(), SETS / 6));
    }

    @Test
    void findsAnEvaluatorThatLetsAHoldReplaceADenial() throws Exception {
        Decide mutant = (policy, evidence) -> {
            var lines = policy.lines(evidence);
            boolean held = lines.stream().anyMatch(it -> it.effect().equals("hold") && it.says().equals("applies"));
            return held ? 2 : decide(policy, evidence);
        };
        assertTrue(counterexample(MonotoneTest::load, mutant, new Tried()).isPresent());
    }

    /// Each lets a finding, label, severity or unread value widen, if it loads.
    @ParameterizedTest
    @ValueSource(strings = {
        "permit when { context.findings.contains(\"f1\") }",
        "permit when { context[\"findings\"].contains(\"f1\") }",
        "permit unless { context.findings.isEmpty() }",
        "permit when { !context.unmapped.isEmpty() }",
        "permit when { context.severity >= 2 }",
        "permit when { 2 <= context.severity }",
        "permit when { -context.severity <= -2 }",
        "permit when { context.severity == 3 }",
        "permit when { context.severity * context.severity > 3 }",
        "permit when { context.session.labels.containsAny([\"a\"]) }",
        "permit when { context[\"session\"][\"labels\"].contains(\"a\") }",
        "permit when { {x: context.session}.x.labels.contains(\"a\") }",
        "permit when { {x: context.findings}.x.contains(\"f1\") }",
        "permit when { {x: context.findings} has x && context.opaque.containsAll([\"/a\"]) }",
        "permit when { (if true then context.findings else [\"a\"]).contains(\"f1\") }",
        "permit when { if context.findings.contains(\"f1\") then true else false }",
        "permit when { if context.findings.contains(\"f1\") then false else true }",
        "permit when { context.findings == [\"f1\"] }",
        "permit when { !context.origins.untrusted.isEmpty() }",
        "permit when { context.origins.addresses > 0 }",
        "permit when { context.origins == context.origins }",
        "permit when { context.origins.unproven.contains(\"/to\") }",
        "forbid when { context.origins.unproven.isEmpty() }",
        "forbid when { context.origins.destinations.containsAll(context.origins.untrusted) }",
        "permit when { context.findings != [\"f1\"] }",
        "permit when { [context.findings].contains([\"f1\", \"f2\"]) }",
        "permit when { [context.severity].contains(3) }",
        "permit when { [1, 2].contains(context.severity) }",
        "permit when { [\"f1\"].containsAny(context.findings) }",
        "permit when { context.findings.containsAll(context.session.labels) }",
        "permit when { context.severity > context.severity }",
        "permit when { !!context.findings.contains(\"f1\") }",
        "permit when { context.findings.contains(\"f1\") == true }",
        "permit when { context == context }",
        "permit when { context.session == {purpose: \"\", labels: [\"a\"]} }",
        "permit when { context.severity - 2 - 9223372036854775807 < 5 }",
        "permit when { (!context.findings.contains(\"f1\") && 9223372036854775807 + 1 == 0) || true }",
        "forbid when { !context.findings.contains(\"f1\") }",
        "forbid unless { context.session.labels.contains(\"a\") }",
        "forbid when { context.severity < 3 }",
        "forbid when { context.unmapped.isEmpty() }",
        "forbid when { [context.findings].contains([\"f1\"]) }",
        "forbid when { [context.severity].contains(3) }",
        "forbid when { [\"f1\"].containsAll(context.findings) }",
        "forbid when { context.severity - 2 - 9223372036854775807 > 0 }",
        "forbid when { (context.findings.contains(\"f1\") || 9223372036854775807 + 1 == 0) && context.opaque.contains(\"x\") }",
        "forbid when { (context.findings.contains(\"f1\") || Agent::\"x\".user == principal.user) && context.opaque.contains(\"x\") }",
        "forbid when { (context.findings.contains(\"f1\") || {a: principal.user}.a == principal.user) && context.severity > 2 }",
        "forbid when { (context.severity > 1 || context.time.offset(duration(\"1ms\")) > context.time) && context.severity > 2 }",
    })
    void isRefused(String policy) throws Exception {
        var statement = Parser.parse(new Source("t.cedar", whole(policy))).getFirst();
        assertTrue(Monotone.check(statement).isPresent(), policy);
    }

    /// The harmless twins.
    @ParameterizedTest
    @ValueSource(strings = {
        "permit when { !context.findings.contains(\"f1\") }",
        "permit when { context[\"findings\"].isEmpty() && context.severity < 4 }",
        "permit unless { context.severity >= 2 || context.session.labels.contains(\"a\") }",
        "permit when { [\"f1\"].containsAll(context.findings) }",
        "permit when { if context.class == \"read\" then context.severity < 4 else context.severity < 2 }",
        "permit when { context.args.path like \"/a*\" } when { context.args.n * 2 > 4 && context.severity < 3 }",
        "permit when { context.class == \"read\" && principal.user == User::\"alice\" }",
        "permit when { context.origins.unproven.isEmpty() && context.origins.addresses < 20 }",
        "forbid when { context.origins.destinations.containsAny(context.origins.untrusted) }",
        "forbid when { context.class != \"read\" && context.origins.addresses > 20 }",
        "permit when { context has findings && context.session has labels }",
        "forbid when { context.findings.contains(\"f1\") }",
        "forbid when { context.session.labels.containsAll([\"a\", \"b\"]) || 3 <= context.severity }",
        "forbid unless { context.findings.isEmpty() && context.unmapped.isEmpty() }",
        "forbid when { context.args.n * 2 > 4 } when { context.severity > 2 }",
        "forbid unless { context.args.n - 2 > 4 || context.severity < 2 }",
        "forbid when { context.findings.contains(context.args.path) }",
        "forbid when { context.time > datetime(\"2026-01-31\") && context.severity > 1 }",
    })
    void loads(String policy) throws Exception {
        var statement = Parser.parse(new Source("t.cedar", whole(policy))).getFirst();
        assertEquals(Optional.empty(), Monotone.check(statement), policy);
    }

    private static String whole(String policy) {
        int space = policy.indexOf(' ');
        return policy.substring(0, space) + " (principal, action, resource) " + policy.substring(space + 1) + ";";
    }

    // --- how it is looked for -------------------------------------------------------------------------------------

    private static final class Tried {
        int loaded;
        int decisions;
        int strictened;

        @Override
        public String toString() {
            return loaded + " sets, " + decisions + " decisions, " + strictened + " became stricter";
        }
    }

    private static Optional<String> counterexample(Load load, Decide decide, Tried tried) throws Exception {
        return counterexample(load, decide, tried, SETS);
    }

    private static Optional<String> counterexample(Load load, Decide decide, Tried tried, int sets) throws Exception {
        for (int seed = 0; seed < sets; seed++) {
            var random = new SplittableRandom(seed);
            var cedar = new RandomCedar(random, true);
            var texts = new ArrayList<String>(List.of(STOP));
            for (int i = 0; i < POLICIES_PER_SET; i++) texts.add(answered(cedar.policy("p" + i, i < 2)));
            var policy = load.of(String.join("", texts));
            if (policy.isEmpty()) continue;
            tried.loaded++;
            var others = stricter(texts, cedar, random, load);
            var evidence = new RandomEvidence(random);
            for (int i = 0; i < EVIDENCE_PER_SET; i++) {
                var before = evidence.next(true);
                int now = decide.strictness(policy.get(), before);
                for (var more : perturbed(before, random).entrySet()) {
                    int then = decide.strictness(policy.get(), more.getValue());
                    tried.decisions++;
                    if (then > now) tried.strictened++;
                    if (then < now) return Optional.of("seed " + seed + ", " + more.getKey() + "\n" + before + "\n" + texts);
                }
                for (var other : others.entrySet()) {
                    int then = decide.strictness(other.getValue(), before);
                    tried.decisions++;
                    if (then > now) tried.strictened++;
                    if (then < now) return Optional.of("seed " + seed + ", " + other.getKey() + "\n" + before + "\n" + texts);
                }
            }
        }
        return Optional.empty();
    }

    private static String answered(String policy) {
        return policy.contains("permit (") ? "@unmapped(\"stop\") " + policy : policy;
    }

    /// The evidence with one thing more in it.
    private static Map<String, Evidence> perturbed(Evidence it, SplittableRandom random) {
        var all = new LinkedHashMap<String, Evidence>();
        for (var rule : List.of("f1", "f2", "f3")) {
            var findings = new ArrayList<>(it.findings());
            findings.add(new Finding(rule, Severity.values()[random.nextInt(5)], ""));
            all.put("a finding more", with(it, it.action(), findings, it.opaque(), it.facts()));
            all.put("a finding " + rule + " more", with(it, it.action(), findings, it.opaque(), it.facts()));
        }
        for (var label : List.of("secret", "untrusted")) {
            var labels = new HashSet<>(it.facts().labels());
            labels.add(label);
            all.put("label " + label, with(it, it.action(), it.findings(), it.opaque(), new Facts(labels, false, Set.of())));
        }
        if (!it.findings().isEmpty()) {
            var raised = new ArrayList<>(it.findings());
            var first = raised.getFirst();
            raised.set(0, new Finding(first.rule(), Severity.values()[Math.min(4, first.severity().ordinal() + 1)], ""));
            all.put("a severity raised", with(it, it.action(), raised, it.opaque(), it.facts()));
        }
        var opaque = new HashSet<>(it.opaque());
        opaque.add("f1");
        all.put("an opaque place", with(it, it.action(), it.findings(), opaque, it.facts()));
        for (var set : List.of("unproven", "untrusted", "destinations", "suspicious", "confidential"))
            all.put("one more in origins." + set,
                    with(it, more(it.origins(), set, any(random, "/path", "f1", "/new"))));
        all.put("an address more", with(it, new Origins(
                it.origins().unproven(), it.origins().untrusted(), it.origins().destinations(),
                        it.origins().suspicious(),
                it.origins().confidential(), it.origins().addresses() + 1)));
        var call = (Action.ToolCall) it.action();
        var arguments = call.arguments().with("unknown", Json.of(1));
        var unread = new Action.ToolCall("files", "write_file", Json.object("name", "write_file").with("arguments", arguments));
        all.put("an unread value", with(it, unread, it.findings(), it.opaque(), it.facts()));
        return all;
    }

    private static Evidence with(Evidence it, Action action, List<Finding> findings, Set<String> opaque, Facts facts) {
        return new Evidence(it.session(), action, it.circumstance(), findings, opaque, it.origins(), facts, it.time());
    }

    private static Evidence with(Evidence it, Origins origins) {
        return new Evidence(
                it.session(), it.action(), it.circumstance(), it.findings(), it.opaque(), origins, it.facts(),
                        it.time());
    }

    private static String any(SplittableRandom random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static Origins more(Origins it, String set, String place) {
        return new Origins(
                more(it.unproven(), set.equals("unproven"), place),
                more(it.untrusted(), set.equals("untrusted"), place),
                more(it.destinations(), set.equals("destinations"), place),
                more(it.suspicious(), set.equals("suspicious"), place),
                more(it.confidential(), set.equals("confidential"), place),
                it.addresses());
    }

    private static Set<String> more(Set<String> places, boolean here, String place) {
        if (!here) return places;
        var grown = new HashSet<>(places);
        grown.add(place);
        return grown;
    }

    /// The set with a forbid more, or with a policy that errs.
    private static Map<String, PolicySet> stricter(List<String> texts, RandomCedar cedar, SplittableRandom random, Load load)
            throws Exception {
        var all = new LinkedHashMap<String, PolicySet>();
        var forbid = cedar.policy("more", false);
        load.of(String.join("", texts) + forbid).ifPresent(it -> all.put("added " + forbid, it));
        int which = 1 + random.nextInt(texts.size() - 1);
        var erring = new ArrayList<>(texts);
        var text = erring.get(which);
        int head = text.indexOf("resource");
        int close = text.indexOf(')', head);
        erring.set(which, text.substring(0, close + 1) + "\n" + ERRS + text.substring(close + 1));
        load.of(String.join("", erring)).ifPresent(it -> all.put("made to err: " + text, it));
        return all;
    }

    private static Optional<PolicySet> load(String text) {
        try {
            return Optional.of(PolicyLoader.load(List.of(new Source("random.cedar", text)), RandomEvidence.TOOLS));
        } catch (PolicyProblem.Invalid refused) {
            return Optional.empty();
        }
    }

    /// The mutant: loads whatever can be read.
    private static Optional<PolicySet> loadUnchecked(String text) throws Exception {
        return Optional.of(OracleTest.uncheckedSet(Parser.parse(new Source("random.cedar", text))));
    }

    /// 0 allows, 1 rewrites, 2 holds, 3 denies.
    private static int decide(PolicySet policy, Evidence evidence) {
        return switch (policy.decide(evidence, Set.of())) {
            case Decision.Allow _ -> 0;
            case Decision.Rewrite _ -> 1;
            case Decision.Hold _ -> 2;
            case Decision.Deny _ -> 3;
        };
    }

    /// The order of decisions written down once more, over what each policy says.
    private static int fromLines(PolicySet policy, Evidence evidence, boolean errorsDeny) {
        boolean permitted = false;
        boolean held = false;
        boolean rewritten = false;
        boolean denied = false;
        for (var line : policy.lines(evidence)) {
            boolean applies = line.says().equals("applies");
            boolean errs = line.says().equals("cannot be evaluated");
            permitted |= line.effect().equals("permit") && applies;
            held |= line.effect().equals("hold") && applies;
            rewritten |= line.effect().equals("rewrite") && applies;
            denied |= line.effect().equals("forbid") && applies || !line.effect().equals("permit") && errs && errorsDeny;
        }
        return denied || !permitted ? 3 : held ? 2 : rewritten ? 1 : 0;
    }
}
