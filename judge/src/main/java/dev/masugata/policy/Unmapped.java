package dev.masugata.policy;

import dev.masugata.model.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A `permit` for tool calls that nobody said are reading must say what becomes of arguments that policy cannot read.
///
/// It does so by `context.unmapped.isEmpty()` or `context.class == "read"`, as a condition that must hold, or by
/// `@unmapped("id")`, the id of a `forbid` (with `@hold` or without) that stops such calls.
final class Unmapped {
    private Unmapped() {}

    static Optional<PolicyProblem> check(Statement statement, List<Statement> all) {
        if (!statement.permits() || !mayBeToolCall(statement.action())) return Optional.empty();
        if (statement.conditions().stream().anyMatch(Unmapped::answers)) return Optional.empty();
        var named = statement.annotations().get("unmapped");
        if (named == null)
            return Optional.of(statement.problem(
                    statement.at(),
                    "a `permit` for tool calls needs `context.unmapped.isEmpty()`, `context.class == \"read\"`, or"
                            + " `@unmapped(\"id of the forbid that stops them\")`: arguments that policy cannot read may"
                            + " not pass unseen"));
        if (all.stream().anyMatch(it -> it.id().equals(named) && stops(it))) return Optional.empty();
        return Optional.of(statement.problem(
                statement.at(),
                "`@unmapped(\"" + named + "\")` must name a `forbid` of all tool calls whose conditions are"
                        + " `!context.unmapped.isEmpty()` and at most `context.class != \"read\"` and"
                        + " `!(context.class == \"write\" && context.request.reviewable)`"));
    }

    /// True if the policy stops every call with an unread argument, but for reading and for reviewed writing.
    private static boolean stops(Statement statement) {
        boolean all = statement.principal() instanceof Statement.Scope.Any
                && statement.resource() instanceof Statement.Scope.Any
                && coversToolCalls(statement.action());
        var conditions = statement.conditions().stream().flatMap(it -> conjuncts(it).stream()).toList();
        return !statement.permits()
                && all
                && conditions.stream().anyMatch(Unmapped::isUnread)
                && conditions.stream().allMatch(it -> isUnread(it) || isNotRead(it) || isNotReviewable(it));
    }

    private static boolean coversToolCalls(Statement.Scope action) {
        var kind = Action.Kind.TOOL_CALL.word();
        return switch (action) {
            case Statement.Scope.Any _ -> true;
            case Statement.Scope.In(var entities) -> entities.stream().anyMatch(it -> it.id().equals(kind));
            case Statement.Scope.Equal _, Statement.Scope.Is _ -> false;
        };
    }

    private static List<Expr> conjuncts(Expr expr) {
        if (!(expr instanceof Expr.And(var left, var right, _))) return List.of(expr);
        var parts = new ArrayList<>(conjuncts(left));
        parts.addAll(conjuncts(right));
        return parts;
    }

    private static boolean isUnread(Expr expr) {
        return expr instanceof Expr.Not(Expr.Method(var target, var name, _, _), _)
                && name.equals("isEmpty")
                && isContext(target, "unmapped");
    }

    private static boolean isNotRead(Expr expr) {
        return expr instanceof Expr.Binary(var op, var left, var right, _)
                && op == Expr.BinaryOp.NOT_EQUAL
                && isContext(left, "class")
                && isWord(right, "read");
    }

    /// `context.class == "word"`, either way round.
    private static boolean isClass(Expr expr, String word) {
        return expr instanceof Expr.Binary(var op, var left, var right, _)
                && op == Expr.BinaryOp.EQUAL
                && (isContext(left, "class") && isWord(right, word) || isContext(right, "class") && isWord(left, word));
    }

    /// A person sees what was written into a reviewed workspace before it counts; nothing else is excused so.
    private static boolean isNotReviewable(Expr expr) {
        return expr instanceof Expr.Not(Expr.And(var written, Expr.Member(var target, var name, _), _), _)
                && isClass(written, "write")
                && name.equals("reviewable")
                && isContext(target, "request");
    }

    private static boolean mayBeToolCall(Statement.Scope action) {
        return switch (action) {
            case Statement.Scope.Any _ -> true;
            case Statement.Scope.Equal(var entity) -> isToolCall(entity);
            case Statement.Scope.In(var entities) -> entities.stream().anyMatch(Unmapped::isToolCall);
            case Statement.Scope.Is _ -> true;
        };
    }

    private static boolean isToolCall(EntityUid action) {
        return action.id().equals(Action.Kind.TOOL_CALL.word()) || action.id().startsWith("tool_call:");
    }

    /// True if the condition can only hold where the question is answered.
    private static boolean answers(Expr condition) {
        return switch (condition) {
            case Expr.And(var left, var right, _) -> answers(left) || answers(right);
            case Expr.Or(var left, var right, _) -> answers(left) && answers(right);
            case Expr.Method(var target, var name, _, _) -> name.equals("isEmpty") && isContext(target, "unmapped");
            case Expr.Binary binary -> isClass(binary, "read");
            case Expr.Literal _, Expr.Variable _, Expr.SetOf _, Expr.RecordOf _, Expr.Not _, Expr.Negate _, Expr.IfElse _,
                    Expr.Has _, Expr.Like _, Expr.Is _, Expr.Member _, Expr.Call _ -> false;
        };
    }

    private static boolean isContext(Expr expr, String name) {
        return expr instanceof Expr.Member(Expr.Variable(var var, _), var member, _)
                && var == Expr.Var.CONTEXT
                && member.equals(name);
    }

    private static boolean isWord(Expr expr, String word) {
        return expr instanceof Expr.Literal(Object value, _) && word.equals(value);
    }
}
