package dev.masugata.policy;

import java.util.Optional;

/// Refuses a policy through which more knowledge could mean more rights.
///
/// What may only tighten is `context.findings`, `severity`, `opaque`, `unmapped` and `context.session.labels`: adding
/// to one of them must never make a `permit` true or a `forbid` false. Each condition is classed by how it moves when
/// these rise; what cannot be classed is refused.
final class Monotone {
    private enum Move {
        /// Does not depend on them.
        CONSTANT,
        /// Can only go from false to true, or only grow.
        RISES,
        /// Can only go from true to false, or only shrink.
        FALLS,
        /// Cannot be told.
        EITHER
    }

    private Monotone() {}

    /// What is wrong with the policy, if something is.
    static Optional<PolicyProblem> check(Statement statement) {
        for (var condition : statement.conditions()) {
            var move = move(condition);
            if (move == Move.CONSTANT || move == (statement.permits() ? Move.FALLS : Move.RISES)) continue;
            var message = statement.permits()
                    ? "a `permit` may not come true because of a finding, label, severity or unread value; say it the"
                            + " other way round (`!...contains(...)`, `severity < n`) or as a `forbid`"
                    : "a `forbid` may not be lifted by a finding, label, severity or unread value; say it the other"
                            + " way round (`...contains(...)`, `severity >= n`)";
            return Optional.of(statement.problem(condition.at(), message));
        }
        return Optional.empty();
    }

    private static Move move(Expr expr) {
        return switch (expr) {
            case Expr.Literal _ -> Move.CONSTANT;
            // The whole context as one value holds all of them.
            case Expr.Variable(var name, _) -> name == Expr.Var.CONTEXT ? Move.EITHER : Move.CONSTANT;
            case Expr.SetOf(var items, _) -> all(items);
            case Expr.RecordOf(var members, _) -> all(members.values());
            case Expr.Not(var operand, _) -> flip(move(operand));
            case Expr.Negate(var operand, _) -> flip(move(operand));
            case Expr.And(var left, var right, _) -> both(move(left), move(right));
            case Expr.Or(var left, var right, _) -> both(move(left), move(right));
            case Expr.IfElse(var condition, var then, var otherwise, _) ->
                move(condition) == Move.CONSTANT ? both(move(then), move(otherwise)) : Move.EITHER;
            case Expr.Binary binary -> binary(binary);
            case Expr.Has(var target, _, _) -> contextMember(target).isPresent() ? Move.CONSTANT : has(target);
            case Expr.Like(var target, _, _) -> sure(move(target));
            case Expr.Is(var target, _, var in, _) -> both(sure(move(target)), in.map(Monotone::move).map(Monotone::sure).orElse(Move.CONSTANT));
            case Expr.Member member -> member(member);
            case Expr.Method method -> method(method);
            case Expr.Call(_, var arguments, _) -> all(arguments);
        };
    }

    private static Move binary(Expr.Binary binary) {
        var left = move(binary.left());
        var right = move(binary.right());
        return switch (binary.op()) {
            case GREATER, GREATER_OR_EQUAL, SUBTRACT -> both(left, flip(right));
            case LESS, LESS_OR_EQUAL -> both(flip(left), right);
            case ADD -> both(left, right);
            case EQUAL, NOT_EQUAL, IN, MULTIPLY -> both(sure(left), sure(right));
        };
    }

    private static Move method(Expr.Method method) {
        var target = move(method.target());
        return switch (method.name()) {
            case "contains" -> both(target, sure(all(method.arguments())));
            case "containsAny" -> both(target, all(method.arguments()));
            case "containsAll" -> both(target, flip(all(method.arguments())));
            case "isEmpty" -> flip(target);
            default -> both(sure(target), sure(all(method.arguments())));
        };
    }

    private static Move member(Expr.Member member) {
        var name = contextMember(member.target()).isPresent() ? "" : contextName(member);
        if (contextMember(member.target()).filter("session"::equals).isPresent())
            return member.name().equals("labels") ? Move.RISES : Move.CONSTANT;
        return switch (name) {
            case "findings", "severity", "opaque", "unmapped" -> Move.RISES;
            // As a whole it holds the labels; its members are looked at above.
            case "session" -> Move.EITHER;
            case "" -> sure(contextMember(member.target()).isPresent() ? Move.CONSTANT : move(member.target()));
            default -> Move.CONSTANT;
        };
    }

    private static Move has(Expr target) {
        return target instanceof Expr.Variable ? Move.CONSTANT : sure(move(target));
    }

    private static String contextName(Expr.Member member) {
        return member.target() instanceof Expr.Variable(Expr.Var var, _) && var == Expr.Var.CONTEXT ? member.name() : "";
    }

    /// The name, if the expression is `context.name`.
    private static Optional<String> contextMember(Expr expr) {
        return expr instanceof Expr.Member member && !contextName(member).isEmpty()
                ? Optional.of(contextName(member))
                : Optional.empty();
    }

    private static Move all(Iterable<Expr> parts) {
        var move = Move.CONSTANT;
        for (var part : parts) move = both(move, move(part));
        return move;
    }

    private static Move both(Move one, Move other) {
        if (one == Move.CONSTANT) return other;
        if (other == Move.CONSTANT || one == other) return one;
        return Move.EITHER;
    }

    /// The move of something that follows its operand in no known direction.
    private static Move sure(Move move) {
        return move == Move.CONSTANT ? Move.CONSTANT : Move.EITHER;
    }

    private static Move flip(Move move) {
        return switch (move) {
            case RISES -> Move.FALLS;
            case FALLS -> Move.RISES;
            case CONSTANT, EITHER -> move;
        };
    }
}
