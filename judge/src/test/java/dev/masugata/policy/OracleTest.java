package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Our evaluator beside cedar-java: the same random policies, the same random evidence, the same decision, reasons and
/// errors. `-Dfull=true` for many more.
class OracleTest {
    private static final int SETS = Boolean.getBoolean("full") ? 60_000 : 450;
    private static final int EVIDENCE_PER_SET = 3;
    private static final int POLICIES_PER_SET = 6;

    private record Expected(String outcome, Set<String> because) {}

    @Test
    void decidesAsCedarDoes() throws Exception {
        var seen = new java.util.TreeMap<String, Integer>();
        for (int seed = 0; seed < SETS; seed++) {
            var random = new SplittableRandom(seed);
            var source = new Source("random.cedar", new RandomCedar(random, false).policies(POLICIES_PER_SET));
            var statements = Parser.parse(source);
            var policy = uncheckedSet(statements);
            for (int i = 0; i < EVIDENCE_PER_SET; i++) {
                var evidence = new RandomEvidence(random).next(false);
                Set<String> lifted = random.nextInt(3) == 0 ? Set.of("p1", "p3", "p5") : Set.of();
                var expected = expected(statements, evidence, lifted, policy);
                var decision = policy.decide(evidence, lifted);
                var where = "seed " + seed + "\n" + evidence + "\n" + source.text();
                assertEquals(expected.outcome(), PolicyTests.word(decision), where);
                assertEquals(expected.because(), ids(decision), where);
                seen.merge(expected.outcome(), 1, Integer::sum);
            }
        }
        // A generator that always denies would prove nothing.
        for (var outcome : List.of("allowed", "masked", "held", "denied", "erring"))
            assertTrue(seen.merge(outcome, outcome.equals("erring") ? erring : 0, Integer::sum) > SETS / 40,
                    seen.toString());
    }

    private int erring;

    /// Plain evaluations of Cedar, one for each step, and our stricter rule: a forbid that errs denies.
    private Expected expected(List<Statement> statements, Evidence evidence, Set<String> lifted, PolicySet policy) throws Exception {
        var cedar = new CedarOracle(evidence);
        var all = cedar.ask(statements, _ -> true);
        assertEquals(all.errors(), erringBySelf(policy, evidence), () -> evidence + "\n" + statements);
        if (!all.errors().isEmpty()) erring++;
        // A question whose policies are the same has the same answer: cedar-java is not asked twice.
        boolean onlyPlain = statements.stream().allMatch(OracleTest::isPlain);
        var plain = onlyPlain ? all : cedar.ask(statements, OracleTest::isPlain);
        var forbidden = ids(statements, it -> it.denies() && all.errors().contains(it.id()));
        if (!plain.allowed()) forbidden.addAll(plain.reasons());
        if (!forbidden.isEmpty()) return new Expected("denied", forbidden);
        var erring = ids(statements, it -> !isPlain(it) && all.errors().contains(it.id()));
        if (!erring.isEmpty()) return new Expected("denied", erring);
        if (!plain.allowed()) return new Expected("denied", Set.of(PolicySet.NO_PERMIT.id()));
        boolean holds = statements.stream().anyMatch(it -> isHeldBy(it, lifted));
        var held = holds ? cedar.ask(statements, it -> isPlain(it) || isHeldBy(it, lifted)) : plain;
        if (!held.allowed()) return new Expected("held", held.reasons());
        boolean rewrites = statements.stream().anyMatch(OracleTest::rewrites);
        var whole = rewrites ? cedar.ask(statements, it -> isPlain(it) || rewrites(it)) : plain;
        return new Expected(whole.allowed() ? "allowed" : "masked", whole.reasons());
    }

    private static boolean isPlain(Statement statement) {
        return statement.permits() || statement.denies();
    }

    private static boolean isHeldBy(Statement statement, Set<String> lifted) {
        return statement.hold().isPresent() && !lifted.contains(statement.id());
    }

    private static boolean rewrites(Statement statement) {
        return !isPlain(statement) && statement.hold().isEmpty();
    }

    private static Set<String> erringBySelf(PolicySet policy, Evidence evidence) {
        return policy.lines(evidence).stream()
                .filter(it -> it.says().equals("cannot be evaluated"))
                .map(Explanation.Line::policy)
                .collect(Collectors.toSet());
    }

    private static Set<String> ids(List<Statement> statements, java.util.function.Predicate<Statement> which) {
        return statements.stream().filter(which).map(Statement::id).collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> ids(Decision decision) {
        return decision.because().stream().map(Reason::id).collect(Collectors.toSet());
    }

    /// Compiled without the checks of loading, so that what those refuse is compared too.
    static PolicySet uncheckedSet(List<Statement> statements) throws Compiler.Unknown {
        var shapes = new java.util.HashMap<String, ArgumentShape>();
        RandomEvidence.TOOLS.forEach((tool, schema) -> shapes.put(tool, ArgumentShape.of(schema)));
        var rules = new ArrayList<PolicySet.Rule>();
        var conditions = new Conditions();
        for (var statement : statements) {
            var reason = new Reason(statement.id(), statement.reason());
            rules.add(new PolicySet.Rule(statement, reason, conditions.of(statement)));
        }
        return new PolicySet(rules, conditions, shapes, "unchecked");
    }
}
