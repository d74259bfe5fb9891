package dev.masugata.policy;

import java.util.Set;

/// What of a condition is settled before a tool is called: who asks, which tool, its class, where from and what for.
///
/// Arguments and what follows from them (findings, origins, what cannot be read), the session's labels and the time are
/// not: they may be otherwise when the call comes.
final class Foreseen {
    private static final Set<String> REQUEST = Request.WITHIN.get("request").keySet();

    private Foreseen() {}

    /// False if any part of the expression may have another value in the call.
    static boolean is(Expr expr) {
        return switch (expr) {
            case Expr.Variable(var name, _) -> name != Expr.Var.CONTEXT;
            case Expr.Member member -> is(member);
            // Which members the context has is known when a policy is compiled.
            case Expr.Has(var target, var path, _) -> isContext(target) ? path.size() == 1 : is(target);
            case Expr.Literal _, Expr.SetOf _, Expr.RecordOf _, Expr.Not _, Expr.Negate _, Expr.And _, Expr.Or _,
                    Expr.IfElse _, Expr.Binary _, Expr.Like _, Expr.Is _, Expr.Method _, Expr.Call _ ->
                expr.children().allMatch(Foreseen::is);
        };
    }

    private static boolean is(Expr.Member member) {
        if (isContext(member.target())) return member.name().equals("class");
        if (!(member.target() instanceof Expr.Member(var outer, var section, _)) || !isContext(outer))
            return is(member.target());
        return switch (section) {
            case "request" -> REQUEST.contains(member.name());
            case "session" -> member.name().equals("purpose");
            default -> is(member.target());
        };
    }

    private static boolean isContext(Expr expr) {
        return expr instanceof Expr.Variable(var name, _) && name == Expr.Var.CONTEXT;
    }
}
