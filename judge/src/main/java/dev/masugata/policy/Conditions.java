package dev.masugata.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The conditions of a policy set, each once: what several policies ask is answered once for each request.
///
/// One condition is one conjunct of a `when`, or what a head says of principal or resource. Cedar evaluates conjuncts
/// in their order and stops at the first that is false or errs, so a policy keeps the order of its own.
final class Conditions {
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final List<Compiler.Eval> evals = new ArrayList<>();
    private final BitSet foreseen = new BitSet();

    private enum Role {
        PRINCIPAL, RESOURCE
    }

    /// A head that says the same of the same is the same condition.
    private record Head(Role role, Statement.Scope scope) {}

    /// The numbers of what a policy asks, in its order.
    int[] of(Statement statement) throws Compiler.Unknown {
        var asked = new ArrayList<Integer>();
        head(Role.PRINCIPAL, statement.principal(), asked);
        head(Role.RESOURCE, statement.resource(), asked);
        for (var condition : statement.conditions()) conjuncts(condition, asked);
        return asked.stream().mapToInt(Integer::intValue).toArray();
    }

    private void head(Role role, Statement.Scope scope, List<Integer> asked) {
        if (scope instanceof Statement.Scope.Any) return;
        Compiler.Eval eval =
                switch (role) {
                    case PRINCIPAL -> request -> request.isWithin(request.principal, scope);
                    case RESOURCE -> request -> request.isWithin(request.resource, scope);
                };
        asked.add(number(new Head(role, scope), eval, true));
    }

    private void conjuncts(Expr condition, List<Integer> asked) throws Compiler.Unknown {
        if (condition instanceof Expr.And(var left, var right, _)) {
            conjuncts(left, asked);
            conjuncts(right, asked);
        } else asked.add(number(condition.placeless(), Compiler.compile(condition), Foreseen.is(condition)));
    }

    private int number(Object what, Compiler.Eval eval, boolean known) {
        var before = numbers.putIfAbsent(what, evals.size());
        if (before != null) return before;
        foreseen.set(evals.size(), known);
        evals.add(eval);
        return evals.size() - 1;
    }

    /// Which of them are settled before a tool is called, by number.
    BitSet foreseen() {
        return (BitSet) foreseen.clone();
    }

    /// How each is evaluated, by its number.
    Compiler.Eval[] evals() {
        return evals.toArray(Compiler.Eval[]::new);
    }
}
