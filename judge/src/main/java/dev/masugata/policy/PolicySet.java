package dev.masugata.policy;

import dev.masugata.model.Action;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Compiled policies. Made by [PolicyLoader] only, which has checked them.
///
/// The order is: plain `forbid`; then `@hold` forbids, which need a matching permit beneath them; then `@mask` and
/// `@strip` forbids, beneath which there must be one as well; then `permit`. A forbid that cannot be evaluated denies;
/// a permit that cannot does not count. Each step is a plain Cedar evaluation: of the policies of the steps before it.
public final class PolicySet implements Policy {
    static final Reason NO_PERMIT = new Reason("policy/default", "no policy permits this");
    private static final String BROKEN_TYPE = "policy/type";

    /// One policy, compiled.
    ///
    /// @param conditions by their numbers in [Conditions], in the policy's order
    record Rule(Statement statement, Reason reason, int[] conditions) {}

    /// A tool whose shape is known, with the names under which Cedar knows it.
    private record Tool(ArgumentShape shape, EntityUid action, EntityUid resource) {
        static Tool of(String target, ArgumentShape shape) {
            return new Tool(shape, new EntityUid("Action", "tool_call:" + target), new EntityUid("Tool", target));
        }
    }

    /// The rules that can apply to one action.
    private record Candidates(List<Rule> forbids, List<Rule> holds, List<Rule> rewrites, List<Rule> permits) {}

    enum Match {
        YES, NO, ERROR
    }

    private final List<Rule> rules;
    private final Compiler.Eval[] conditions;
    private final BitSet foreseen;
    private final Map<String, Tool> tools;
    private final String digest;
    private final Map<String, Candidates> byAction = new ConcurrentHashMap<>();

    /// @param conditions what the rules number
    PolicySet(List<Rule> rules, Conditions conditions, Map<String, ArgumentShape> shapes, String digest) {
        this.rules = List.copyOf(rules);
        this.conditions = conditions.evals();
        this.foreseen = conditions.foreseen();
        var known = new HashMap<String, Tool>();
        shapes.forEach((target, shape) -> known.put(target, Tool.of(target, shape)));
        this.tools = Map.copyOf(known);
        this.digest = digest;
    }

    @Override
    public String digest() {
        return digest;
    }

    List<Rule> rules() {
        return rules;
    }

    /// How many policies there are.
    public int size() {
        return rules.size();
    }

    /// Holds that can never ask anybody, each with its place.
    public List<PolicyProblem> unreachableHolds() {
        return UnreachableHolds.of(rules.stream().map(Rule::statement).toList());
    }

    /// What is allowed to stand, but hardly meant: holds out of reach, and policies that miss pinned tools.
    public List<PolicyProblem> warnings() {
        var warnings = new ArrayList<>(unreachableHolds());
        rules.forEach(rule -> UnpinnedOnly.of(rule.statement()).ifPresent(warnings::add));
        return List.copyOf(warnings);
    }

    /// What each policy whose scope names the action says of the evidence.
    List<Explanation.Line> lines(Evidence evidence) {
        final Request request;
        try {
            request = request(evidence);
        } catch (ArgumentShape.Broken broken) {
            return List.of(new Explanation.Line(BROKEN_TYPE, "forbid", "applies", String.valueOf(broken.getMessage())));
        }
        var candidates = candidates(request);
        var lines = new ArrayList<Explanation.Line>();
        for (var rule : candidates.forbids()) lines.add(line(rule, "forbid", request));
        for (var rule : candidates.holds()) lines.add(line(rule, "hold", request));
        for (var rule : candidates.rewrites()) lines.add(line(rule, "rewrite", request));
        for (var rule : candidates.permits()) lines.add(line(rule, "permit", request));
        return lines;
    }

    private Explanation.Line line(Rule rule, String effect, Request request) {
        var says =
                switch (matches(rule, request)) {
                    case YES -> "applies";
                    case NO -> "does not apply";
                    case ERROR -> "cannot be evaluated";
                };
        return new Explanation.Line(rule.statement().id(), effect, says, rule.statement().reason());
    }

    @Override
    public Decision decide(Evidence evidence, Set<String> lifted) {
        final Request request;
        try {
            request = request(evidence);
        } catch (ArgumentShape.Broken broken) {
            return new Decision.Deny(List.of(new Reason(BROKEN_TYPE, String.valueOf(broken.getMessage()))));
        }
        var candidates = candidates(request);
        var forbidden = because(candidates.forbids(), request, true);
        if (!forbidden.isEmpty()) return new Decision.Deny(forbidden);
        var holding = new ArrayList<Reason>();
        var question = "";
        for (var rule : candidates.holds()) {
            switch (matches(rule, request)) {
                case NO -> {}
                case ERROR -> forbidden.add(erring(rule));
                case YES -> {
                    if (lifted.contains(rule.statement().id())) continue;
                    holding.add(rule.reason());
                    if (question.isEmpty()) question = rule.statement().hold().orElse("");
                }
            }
        }
        var rewriting = new ArrayList<Rule>();
        for (var rule : candidates.rewrites()) {
            switch (matches(rule, request)) {
                case NO -> {}
                case ERROR -> forbidden.add(erring(rule));
                case YES -> rewriting.add(rule);
            }
        }
        if (!forbidden.isEmpty()) return new Decision.Deny(forbidden);
        var permitted = because(candidates.permits(), request, false);
        if (permitted.isEmpty()) return new Decision.Deny(List.of(NO_PERMIT));
        // A hold comes first: were it the other way round, one more rewriting rule could spare somebody a question.
        if (!holding.isEmpty()) return new Decision.Hold(question, holding);
        return rewriting.isEmpty() ? new Decision.Allow(permitted) : rewrite(rewriting);
    }

    @Override
    public boolean couldPermit(Evidence call) {
        var request = beforehand(call);
        var candidates = candidates(request);
        for (var rule : candidates.forbids()) if (foreseen(rule, request).isPresent()) return false;
        // A hold or a rewrite that errs denies.
        for (var rule : candidates.holds()) if (foreseen(rule, request).equals(Optional.of(Match.ERROR))) return false;
        for (var rule : candidates.rewrites()) if (foreseen(rule, request)
                .equals(Optional.of(Match.ERROR))) return false;
        return candidates.permits().stream().anyMatch(rule -> couldMatch(rule, request));
    }

    /// What a rule will certainly say, where that is not no: yes if all of it is settled, or an error that comes before
    /// anything that is not.
    private Optional<Match> foreseen(Rule rule, Request request) {
        for (int condition : rule.conditions()) {
            if (!foreseen.get(condition)) return Optional.empty();
            switch (answer(condition, request)) {
                case NO -> {
                    return Optional.empty();
                }
                case ERROR -> {
                    return Optional.of(Match.ERROR);
                }
                case YES -> {}
            }
        }
        return Optional.of(Match.YES);
    }

    /// False if something settled already says no.
    private boolean couldMatch(Rule rule, Request request) {
        for (int condition : rule.conditions())
            if (foreseen.get(condition) && answer(condition, request) != Match.YES) return false;
        return true;
    }

    /// The call without its arguments, which are not known yet.
    private Request beforehand(Evidence call) {
        var tool = call.action() instanceof Action.ToolCall it ? tools.get(it.target()) : null;
        var action = tool == null ? Request.kind(call) : tool.action();
        return new Request(call, ArgumentShape.Typed.NONE, action, Request.resource(call), conditions.length);
    }

    private static Decision.Rewrite rewrite(List<Rule> rules) {
        var mask = new HashSet<String>();
        var strip = new HashSet<String>();
        for (var rule : rules) {
            mask.addAll(rule.statement().mask());
            strip.addAll(rule.statement().strip());
        }
        return new Decision.Rewrite(mask, strip, rules.stream().map(Rule::reason).toList());
    }

    Request request(Evidence evidence) throws ArgumentShape.Broken {
        int count = conditions.length;
        if (!(evidence.action() instanceof Action.ToolCall call))
            return new Request(evidence, ArgumentShape.Typed.NONE, Request.kind(evidence), Request.resource(evidence),
                    count);
        var tool = tools.get(call.target());
        // A tool that is not pinned has no shape: none of its arguments is known.
        if (tool == null) {
            var typed = ArgumentShape.NONE.read(call.arguments());
            return new Request(evidence, typed, Request.kind(evidence), Request.resource(evidence), count);
        }
        return new Request(evidence, tool.shape().read(call.arguments()), tool.action(), tool.resource(), count);
    }

    private List<Reason> because(List<Rule> rules, Request request, boolean forbids) {
        var because = new ArrayList<Reason>();
        for (var rule : rules) {
            switch (matches(rule, request)) {
                case YES -> because.add(rule.reason());
                case NO -> {}
                case ERROR -> {
                    if (forbids) because.add(erring(rule));
                }
            }
        }
        return because;
    }

    private static Reason erring(Rule rule) {
        var id = rule.statement().id();
        return new Reason(id, "policy `" + id + "` could not be evaluated");
    }

    private Match matches(Rule rule, Request request) {
        for (int condition : rule.conditions()) {
            var answer = answer(condition, request);
            if (answer != Match.YES) return answer;
        }
        return Match.YES;
    }

    private Match answer(int condition, Request request) {
        var answer = request.answers[condition];
        if (answer == null) answer = request.answers[condition] = ask(condition, request);
        return answer;
    }

    private Match ask(int condition, Request request) {
        try {
            return Compiler.flag(conditions[condition].of(request)) ? Match.YES : Match.NO;
        } catch (EvalError error) {
            return Match.ERROR;
        }
    }

    /// Which rules the action's scope leaves; looked up once for each action, for most requests are alike.
    private Candidates candidates(Request request) {
        var known = byAction.get(request.action.id());
        return known != null ? known : byAction.computeIfAbsent(request.action.id(), _ -> select(request));
    }

    private Candidates select(Request request) {
        var forbids = new ArrayList<Rule>();
        var holds = new ArrayList<Rule>();
        var rewrites = new ArrayList<Rule>();
        var permits = new ArrayList<Rule>();
        for (var rule : rules) {
            if (!request.isWithin(request.action, rule.statement().action())) continue;
            if (rule.statement().permits()) permits.add(rule);
            else if (rule.statement().hold().isPresent()) holds.add(rule);
            else if (rule.statement().denies()) forbids.add(rule);
            else rewrites.add(rule);
        }
        return new Candidates(List.copyOf(forbids), List.copyOf(holds), List.copyOf(rewrites), List.copyOf(permits));
    }
}
