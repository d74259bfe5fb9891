package dev.masugata.policy;

import java.util.LinkedHashMap;
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

    /// The same expression as if it stood at the beginning of its text: two that ask the same are equal.
    default Expr placeless() {
        return switch (this) {
            case Expr.Literal(var value, _) -> new Literal(value, 0);
            case Expr.Variable(var var, _) -> new Variable(var, 0);
            case Expr.SetOf(var items, _) -> new SetOf(placeless(items), 0);
            case Expr.RecordOf(var members, _) -> {
                var all = new LinkedHashMap<String, Expr>();
                members.forEach((name, member) -> all.put(name, member.placeless()));
                yield new RecordOf(all, 0);
            }
            case Expr.Not(var operand, _) -> new Not(operand.placeless(), 0);
            case Expr.Negate(var operand, _) -> new Negate(operand.placeless(), 0);
            case Expr.And(var left, var right, _) -> new And(left.placeless(), right.placeless(), 0);
            case Expr.Or(var left, var right, _) -> new Or(left.placeless(), right.placeless(), 0);
            case Expr.IfElse(var condition, var then, var otherwise, _) ->
                new IfElse(condition.placeless(), then.placeless(), otherwise.placeless(), 0);
            case Expr.Binary(var op, var left, var right, _) ->
                new Binary(op, left.placeless(), right.placeless(), 0);
            case Expr.Has(var target, var path, _) -> new Has(target.placeless(), path, 0);
            case Expr.Like(var target, var pattern, _) -> new Like(target.placeless(), pattern, 0);
            case Expr.Is(var target, var type, var in, _) ->
                new Is(target.placeless(), type, in.map(Expr::placeless), 0);
            case Expr.Member(var target, var name, _) -> new Member(target.placeless(), name, 0);
            case Expr.Method(var target, var name, var arguments, _) ->
                new Method(target.placeless(), name, placeless(arguments), 0);
            case Expr.Call(var function, var arguments, _) -> new Call(function, placeless(arguments), 0);
        };
    }

    private static List<Expr> placeless(List<Expr> all) {
        return all.stream().map(Expr::placeless).toList();
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
