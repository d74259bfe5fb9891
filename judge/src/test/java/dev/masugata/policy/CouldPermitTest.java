package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.ToolClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A tool is hidden only from whom policy would deny every call of it.
class CouldPermitTest {
    private static final int SETS = Boolean.getBoolean("full") ? 20_000 : 1_500;
    private static final int CALLS_PER_SET = 12;

    private interface Foresight {
        boolean couldPermit(PolicySet policy, Evidence call);
    }

    /// The tool of a call that was let through, held or rewritten, although it would have been hidden.
    private static Optional<String> falselyHidden(Foresight foresight, boolean typed, int[] hidden) throws Exception {
        var random = new SplittableRandom(20_261);
        var cedar = new RandomCedar(random, typed);
        for (int set = 0; set < SETS; set++) {
            var text = cedar.policies(1 + random.nextInt(4));
            var policy = OracleTest.uncheckedSet(Parser.parse(new Source("random.cedar", text)));
            var evidence = new RandomEvidence(random);
            for (int i = 0; i < CALLS_PER_SET; i++) {
                var call = evidence.next(true);
                // What is asked beforehand knows nothing of this call but its caller and its tool.
                var other = evidence.next(true);
                var before = new Evidence(
                        call.session(), bare(call), call.circumstance(), other.findings(), other.opaque(),
                        other.origins(), other.facts(), other.time());
                boolean listed = foresight.couldPermit(policy, before);
                if (!listed) hidden[0]++;
                if (!listed && !(policy.decide(call, Set.of()) instanceof Decision.Deny))
                    return Optional.of(text + call);
            }
        }
        return Optional.empty();
    }

    private static Action bare(Evidence call) {
        var it = (Action.ToolCall) call.action();
        return new Action.ToolCall(it.server(), it.tool(), it.params().without("arguments"));
    }

    @Test
    void nothingThatCouldGoIsHidden() throws Exception {
        var hidden = new int[1];
        assertEquals(Optional.empty(), falselyHidden(PolicySet::couldPermit, true, hidden));
        assertEquals(Optional.empty(), falselyHidden(PolicySet::couldPermit, false, hidden));
        // A foresight that hides nothing would prove nothing.
        assertTrue(hidden[0] > SETS * CALLS_PER_SET / 10, hidden[0] + " hidden");
    }

    /// The mutant: takes what it does not know for empty.
    @Test
    void aForesightThatGuessesIsFound() throws Exception {
        Foresight guess = (policy, call) -> !(policy.decide(call, Set.of()) instanceof Decision.Deny);
        assertTrue(falselyHidden(guess, true, new int[1]).isPresent());
    }

    private static PolicySet load(String text) throws PolicyProblem.Invalid {
        return PolicyLoader.load(List.of(new Source("test.cedar", text)), RandomEvidence.TOOLS);
    }

    /// One forbid over all, and whether the tool is still shown.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            false | when { context.class == "write" }
            true  | when { context.class == "read" }
            true  | when { context.class == "write" && context.args.path like "/etc/*" }
            true  | when { context.severity >= 4 }
            true  | when { !context.opaque.isEmpty() }
            true  | when { context.session.labels.contains("secret") }
            true  | when { !context.origins.untrusted.isEmpty() }
            false | when { !context.request.reviewable }
            false | when { principal in Group::"eng" }
            true  | when { principal in Group::"ops" }
            false | when { principal.user == User::"alice" }
            true  | when { context.time > datetime("2030-01-01") }
            true  | unless { context.findings.isEmpty() }
            """)
    void whatIsSettledHides(boolean shown, String condition) throws Exception {
        var policy = load("@id(\"p\") permit (principal, action in Action::\"tool_call\", resource)"
                + " when { context.unmapped.isEmpty() };\n"
                + "@id(\"f\") forbid (principal, action == Action::\"tool_call:files/write_file\", resource) "
                        + condition + ";");
        assertEquals(shown, policy.couldPermit(RandomEvidence.call("{}", ToolClass.WRITE)));
    }

    @Test
    void whatNoPermitCanMatchIsHidden() throws Exception {
        var reads = load("@id(\"p\") permit (principal, action in Action::\"tool_call\", resource)"
                + " when { context.class == \"read\" && context.unmapped.isEmpty() };");
        assertFalse(reads.couldPermit(RandomEvidence.call("{}", ToolClass.WRITE)));
        assertTrue(reads.couldPermit(RandomEvidence.call("{}", ToolClass.READ)));
    }

    /// The built-in policy hides what it lists nowhere, and shows what a person may let.
    @ParameterizedTest
    @CsvSource({"READ,true", "WRITE,true", "EGRESS,true", "EXECUTION,true", "UNCONFIRMED,true",
        "CREDENTIAL,false", "IRREVERSIBLE,false"})
    void theBuiltinPolicyHidesWhatItNeverPermits(ToolClass toolClass, boolean shown) throws Exception {
        var builtin = load(BuiltinPolicyTest.text("builtin.cedar"));
        assertEquals(shown, builtin.couldPermit(RandomEvidence.call("{}", toolClass)));
    }
}
