package dev.masugata.policy;

import dev.masugata.model.Action;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `action == Action::"tool_call"` is a trap: a pinned tool's action is its own, a member of that group and not equal to
/// it, so such a policy says nothing of any pinned tool.
final class UnpinnedOnly {
    private static final String TOOL_CALL = Action.Kind.TOOL_CALL.word();

    private UnpinnedOnly() {}

    static Optional<PolicyProblem> of(Statement statement) {
        if (statement.action() instanceof Statement.Scope.Equal(var action) && action.id().equals(TOOL_CALL))
            return Optional.of(statement.problem(
                    statement.at(),
                    "`action == Action::\"tool_call\"` matches no pinned tool, only tools that are not pinned; write"
                            + " `action in Action::\"tool_call\"`"));
        return statement.conditions().stream()
                .flatMap(UnpinnedOnly::comparisons)
                .findFirst()
                .map(it -> statement.problem(
                        it.at(),
                        "`action` never equals `Action::\"tool_call\"` for a pinned tool; write `action in"
                                + " Action::\"tool_call\"`"));
    }

    private static Stream<Expr> comparisons(Expr expr) {
        var here = isComparison(expr) ? Stream.of(expr) : Stream.<Expr>of();
        return Stream.concat(here, expr.children().flatMap(UnpinnedOnly::comparisons));
    }

    private static boolean isComparison(Expr expr) {
        if (!(expr instanceof Expr.Binary(var op, var left, var right, _))) return false;
        if (op != Expr.BinaryOp.EQUAL && op != Expr.BinaryOp.NOT_EQUAL) return false;
        return List.of(left, right).stream().anyMatch(it -> it instanceof Expr.Variable(var name, _) && name == Expr.Var.ACTION)
                && List.of(left, right).stream().anyMatch(it ->
                        it instanceof Expr.Literal(EntityUid entity, _) && entity.id().equals(TOOL_CALL));
    }
}
