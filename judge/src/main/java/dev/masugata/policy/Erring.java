package dev.masugata.policy;

import java.util.Optional;

/// Which part of a validated expression can still fail when it is evaluated.
///
/// Validation rules out wrong types and missing members of the context. What is left: numbers and times that do not fit
/// 64 bits, texts that are no address or time, and attributes of entities that are not the caller.
final class Erring {
    private Erring() {}

    /// The first such part, if there is one.
    static Optional<Expr> within(Expr expr) {
        if (errs(expr)) return Optional.of(expr);
        return expr.children().map(Erring::within).flatMap(Optional::stream).findFirst();
    }

    private static boolean errs(Expr expr) {
        return switch (expr) {
            case Expr.Negate _ -> true;
            case Expr.Binary(var op, _, _, _) -> switch (op) {
                case ADD, SUBTRACT, MULTIPLY -> true;
                case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN -> false;
            };
            case Expr.Method(_, var name, _, _) -> name.equals("offset") || name.equals("durationSince");
            case Expr.Call(_, var arguments, _) -> !arguments.stream().allMatch(Expr.Literal.class::isInstance);
            case Expr.Member member -> !isSure(member);
            case Expr.Literal _, Expr.Variable _, Expr.SetOf _, Expr.RecordOf _, Expr.Not _, Expr.And _, Expr.Or _,
                    Expr.IfElse _, Expr.Has _, Expr.Like _, Expr.Is _ -> false;
        };
    }

    /// `principal.user`, or a member of the context however deep.
    private static boolean isSure(Expr.Member member) {
        Expr target = member.target();
        while (target instanceof Expr.Member(var outer, _, _)) target = outer;
        if (!(target instanceof Expr.Variable(var root, _))) return false;
        return root == Expr.Var.CONTEXT
                || root == Expr.Var.PRINCIPAL && member.target() == target && member.name().equals("user");
    }
}
