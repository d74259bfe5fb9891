package dev.masugata.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A Cedar expression. Closed: an operator that is not here is refused when a policy is loaded.
sealed interface Expr {
    /// Where in the text it begins.
    int at();

    /// The expressions that it is made of.
    default Stream<Expr> children() {
        return switch (this) {
            case Expr.Literal _, Expr.Variable _ -> Stream.of();
            case Expr.SetOf(var items, _) -> items.stream();
            case Expr.RecordOf(var members, _) -> members.values().stream();
            case Expr.Not(var operand, _) -> Stream.of(operand);
            case Expr.Negate(var operand, _) -> Stream.of(operand);
            case Expr.And(var left, var right, _) -> Stream.of(left, right);
            case Expr.Or(var left, var right, _) -> Stream.of(left, right);
            case Expr.IfElse(var condition, var then, var otherwise, _) -> Stream.of(condition, then, otherwise);
            case Expr.Binary(_, var left, var right, _) -> Stream.of(left, right);
            case Expr.Has(var target, _, _) -> Stream.of(target);
            case Expr.Like(var target, _, _) -> Stream.of(target);
            case Expr.Is(var target, _, var in, _) -> Stream.concat(Stream.of(target), in.stream());
            case Expr.Member(var target, _, _) -> Stream.of(target);
            case Expr.Method(var target, _, var arguments, _) -> Stream.concat(Stream.of(target), arguments.stream());
            case Expr.Call(_, var arguments, _) -> arguments.stream();
        };
    }

    enum Var {
        PRINCIPAL, ACTION, RESOURCE, CONTEXT
    }

    enum BinaryOp {
        EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN, ADD, SUBTRACT, MULTIPLY
    }

    record Literal(Object value, int at) implements Expr {}

    record Variable(Var var, int at) implements Expr {}

    record SetOf(List<Expr> items, int at) implements Expr {}

    record RecordOf(Map<String, Expr> members, int at) implements Expr {}

    record Not(Expr operand, int at) implements Expr {}

    record Negate(Expr operand, int at) implements Expr {}

    record And(Expr left, Expr right, int at) implements Expr {}

    record Or(Expr left, Expr right, int at) implements Expr {}

    record IfElse(Expr condition, Expr then, Expr otherwise, int at) implements Expr {}

    record Binary(BinaryOp op, Expr left, Expr right, int at) implements Expr {}

    /// `has` with one name or a dotted path of them.
    record Has(Expr target, List<String> path, int at) implements Expr {}

    record Like(Expr target, List<Wild> pattern, int at) implements Expr {}

    /// A piece of a `like` pattern: any run of characters, or these characters.
    sealed interface Wild {
        record Any() implements Wild {}

        record Text(String text) implements Wild {}
    }

    record Is(Expr target, String type, java.util.Optional<Expr> in, int at) implements Expr {}

    record Member(Expr target, String name, int at) implements Expr {}

    record Method(Expr target, String name, List<Expr> arguments, int at) implements Expr {}

    /// A call of an extension constructor: `decimal("1.0")`, `ip("10.0.0.0/8")`.
    record Call(String function, List<Expr> arguments, int at) implements Expr {}
}
