package dev.masugata.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Refuses a policy through which more knowledge could mean more rights.
///
/// What may only tighten is `context.findings`, `severity`, `opaque`, `unmapped`, `context.session.labels` and all of
/// `context.origins`: adding to one of them must never make a `permit` true or a `forbid` false. Each condition is
/// classed by how it moves when these rise; what cannot be classed is refused.
///
/// Errors break that order: an erring `forbid` denies, so a finding that makes a condition skip what errs would lift it
/// (`(found || n * 2 > 9) && labelled`). So a part of a condition that moves may hold nothing that can err; beside it,
/// joined by `&&` or in a `when` of its own, anything may.
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
        for (var part : parts(statement)) {
            var move = move(part);
            if (move == Move.CONSTANT) continue;
            var erring = Erring.within(part);
            if (erring.isPresent())
                return Optional.of(statement.problem(
                        erring.get().at(),
                        "what may fail may not hang together with a finding, label, severity or unread value; give it a"
                                + " `when` of its own"));
            if (move == (statement.permits() ? Move.FALLS : Move.RISES)) continue;
            var message = statement.permits()
                    ? "a `permit` may not come true because of a finding, label, severity or unread value; say it the"
                            + " other way round (`!...contains(...)`, `severity < n`) or as a `forbid`"
                    : "a `forbid` may not be lifted by a finding, label, severity or unread value; say it the other"
                            + " way round (`...contains(...)`, `severity >= n`)";
            return Optional.of(statement.problem(part.at(), message));
        }
        return Optional.empty();
    }

    /// What must all hold, in the order in which it is evaluated.
    private static List<Expr> parts(Statement statement) {
        var parts = new ArrayList<Expr>();
        statement.conditions().forEach(condition -> split(condition, parts));
        return parts;
    }

    private static void split(Expr expr, List<Expr> into) {
        if (expr instanceof Expr.And(var left, var right, _)) {
            split(left, into);
            split(right, into);
        } else if (expr instanceof Expr.Not(Expr.Or(var left, var right, _), int at)) {
            // `unless { a || b }`
            split(new Expr.Not(left, at), into);
            split(new Expr.Not(right, at), into);
        } else into.add(expr);
    }

    private static Move move(Expr expr) {
        return switch (expr) {
            case Expr.Literal _ -> Move.CONSTANT;
            // The whole context as one value holds all of them.
            case Expr.Variable(var name, _) -> name == Expr.Var.CONTEXT ? Move.EITHER : Move.CONSTANT;
            // A set that holds a growing set loses the old one: `[context.findings].contains(["x"])`.
            case Expr.SetOf(var items, _) -> sure(all(items));
            case Expr.RecordOf(var members, _) -> sure(all(members.values()));
            case Expr.Not(var operand, _) -> flip(move(operand));
            case Expr.Negate(var operand, _) -> sure(move(operand));
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
            case Expr.Call(_, var arguments, _) -> sure(all(arguments));
        };
    }

    private static Move binary(Expr.Binary binary) {
        var left = move(binary.left());
        var right = move(binary.right());
        return switch (binary.op()) {
            case GREATER, GREATER_OR_EQUAL -> both(left, flip(right));
            case LESS, LESS_OR_EQUAL -> both(flip(left), right);
            case EQUAL, NOT_EQUAL, IN, ADD, SUBTRACT, MULTIPLY -> both(sure(left), sure(right));
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
        if (contextMember(member.target()).filter("origins"::equals).isPresent()) return Move.RISES;
        return switch (name) {
            case "findings", "severity", "opaque", "unmapped" -> Move.RISES;
            // As wholes they hold what rises; their members are looked at above.
            case "session", "origins" -> Move.EITHER;
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
