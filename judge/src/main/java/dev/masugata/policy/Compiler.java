package dev.masugata.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Expressions to closures. `masugata bench policy` measures a decision beside the native evaluator's.
///
/// Semantics are those of Cedar's specification; the differential tests hold them against cedar-java.
final class Compiler {
    /// A compiled expression. Throws [EvalError] where Cedar has an evaluation error.
    interface Eval {
        Object of(Request request);
    }

    /// What cannot be compiled is refused when the policy is loaded.
    static final class Unknown extends Exception {
        final int at;

        Unknown(int at, String message) {
            super(message);
            this.at = at;
        }
    }

    private Compiler() {}

    static Eval compile(Expr expr) throws Unknown {
        return switch (expr) {
            case Expr.Literal(var value, _) -> _ -> value;
            case Expr.Variable(var name, _) -> request -> request.variable(name);
            case Expr.SetOf(var items, _) -> set(items);
            case Expr.RecordOf(var members, _) -> record(members);
            case Expr.Not(var operand, _) -> {
                var inner = compile(operand);
                yield request -> !flag(inner.of(request));
            }
            case Expr.Negate(var operand, _) -> {
                var inner = compile(operand);
                yield request -> exact(() -> Math.negateExact(whole(inner.of(request))));
            }
            case Expr.And(var left, var right, _) -> {
                var first = compile(left);
                var second = compile(right);
                yield request -> flag(first.of(request)) && flag(second.of(request));
            }
            case Expr.Or(var left, var right, _) -> {
                var first = compile(left);
                var second = compile(right);
                yield request -> flag(first.of(request)) || flag(second.of(request));
            }
            case Expr.IfElse(var condition, var then, var otherwise, _) -> {
                var test = compile(condition);
                var yes = compile(then);
                var no = compile(otherwise);
                yield request -> flag(test.of(request)) ? yes.of(request) : no.of(request);
            }
            case Expr.Binary binary -> binary(binary);
            case Expr.Has(var target, var path, _) -> has(target, path);
            case Expr.Like(var target, var pattern, _) -> {
                var inner = compile(target);
                var compiled = Wildcard.compile(pattern);
                yield request -> compiled.matches(text(inner.of(request)));
            }
            case Expr.Is is -> is(is);
            case Expr.Member(var target, var name, _) -> member(target, name);
            case Expr.Method method -> method(method);
            case Expr.Call call -> call(call);
        };
    }

    private static Eval set(List<Expr> items) throws Unknown {
        var evals = new ArrayList<Eval>();
        for (var item : items) evals.add(compile(item));
        return request -> {
            var set = new LinkedHashSet<>();
            for (var eval : evals) set.add(eval.of(request));
            return set;
        };
    }

    private static Eval record(Map<String, Expr> members) throws Unknown {
        var evals = new LinkedHashMap<String, Eval>();
        for (var member : members.entrySet()) evals.put(member.getKey(), compile(member.getValue()));
        return request -> {
            var record = new LinkedHashMap<String, Object>();
            evals.forEach((name, eval) -> record.put(name, eval.of(request)));
            return record;
        };
    }

    private static Eval binary(Expr.Binary binary) throws Unknown {
        var left = compile(binary.left());
        var right = compile(binary.right());
        return switch (binary.op()) {
            case EQUAL -> request -> left.of(request).equals(right.of(request));
            case NOT_EQUAL -> request -> !left.of(request).equals(right.of(request));
            case LESS -> request -> compare(left.of(request), right.of(request)) < 0;
            case LESS_OR_EQUAL -> request -> compare(left.of(request), right.of(request)) <= 0;
            case GREATER -> request -> compare(left.of(request), right.of(request)) > 0;
            case GREATER_OR_EQUAL -> request -> compare(left.of(request), right.of(request)) >= 0;
            case IN -> request -> isIn(request, left.of(request), right.of(request));
            case ADD -> request -> exact(() -> Math.addExact(whole(left.of(request)), whole(right.of(request))));
            case SUBTRACT -> request -> exact(() -> Math.subtractExact(whole(left.of(request)), whole(right.of(request))));
            case MULTIPLY -> request -> exact(() -> Math.multiplyExact(whole(left.of(request)), whole(right.of(request))));
        };
    }

    private static Eval has(Expr target, List<String> path) throws Unknown {
        if (path.size() == 1 && target instanceof Expr.Variable(Expr.Var var, _) && var == Expr.Var.CONTEXT) {
            boolean known = Request.CONTEXT.containsKey(path.getFirst());
            return _ -> known;
        }
        var inner = compile(target);
        return request -> {
            var value = inner.of(request);
            for (int i = 0; i < path.size(); i++) {
                if (!has(request, value, path.get(i))) return false;
                if (i + 1 < path.size()) value = member(request, value, path.get(i));
            }
            return true;
        };
    }

    private static Eval is(Expr.Is is) throws Unknown {
        var target = compile(is.target());
        if (is.in().isEmpty()) return request -> entity(target.of(request)).type().equals(is.type());
        var ancestor = compile(is.in().get());
        return request -> {
            var value = entity(target.of(request));
            return value.type().equals(is.type()) && isIn(request, value, ancestor.of(request));
        };
    }

    private static Eval member(Expr target, String name) throws Unknown {
        // `context.x` is by far the most common: it makes only what it reads.
        var accessor = accessor(target, name);
        if (accessor != null) return accessor::of;
        if (isContext(target)) return _ -> {
            throw new EvalError("context has no attribute `" + name + "`");
        };
        var inner = compile(target);
        return request -> member(request, inner.of(request), name);
    }

    /// The way to `context.name`, `context.session.name` or `context.request.name`.
    private static Request.@Nullable Accessor accessor(Expr target, String name) {
        if (isContext(target)) return Request.CONTEXT.get(name);
        if (!(target instanceof Expr.Member(var outer, var record, _)) || !isContext(outer)) return null;
        return Request.WITHIN.getOrDefault(record, Map.of()).get(name);
    }

    private static boolean isContext(Expr expr) {
        return expr instanceof Expr.Variable(Expr.Var var, _) && var == Expr.Var.CONTEXT;
    }

    private static Eval call(Expr.Call call) throws Unknown {
        if (!Extension.CONSTRUCTORS.contains(call.function()))
            throw new Unknown(call.at(), "there is no function `" + call.function() + "`");
        if (call.arguments().size() != 1)
            throw new Unknown(call.at(), "`" + call.function() + "` takes one argument");
        if (call.arguments().getFirst() instanceof Expr.Literal(String text, _)) {
            try {
                var value = Extension.of(call.function(), text);
                return _ -> value;
            } catch (EvalError wrong) {
                throw new Unknown(call.at(), String.valueOf(wrong.getMessage()));
            }
        }
        var argument = compile(call.arguments().getFirst());
        return request -> Extension.of(call.function(), text(argument.of(request)));
    }

    private static Eval method(Expr.Method method) throws Unknown {
        var target = compile(method.target());
        if (method.arguments().isEmpty()) {
            var unary = Methods.unary(method.name());
            if (unary == null) throw new Unknown(method.at(), "there is no method `" + method.name() + "()`");
            return request -> unary.of(target.of(request));
        }
        if (method.arguments().size() > 1)
            throw new Unknown(method.at(), "`" + method.name() + "` takes at most one argument");
        var binary = Methods.binary(method.name());
        if (binary == null) throw new Unknown(method.at(), "there is no method `" + method.name() + "` with an argument");
        var argument = compile(method.arguments().getFirst());
        return request -> binary.of(target.of(request), argument.of(request));
    }

    // --- values -----------------------------------------------------------------------------------------------

    static boolean flag(Object value) {
        if (value instanceof Boolean flag) return flag;
        throw new EvalError("expected a boolean");
    }

    static long whole(Object value) {
        if (value instanceof Long number) return number;
        throw new EvalError("expected a whole number");
    }

    static String text(Object value) {
        if (value instanceof String text) return text;
        throw new EvalError("expected a string");
    }

    static EntityUid entity(Object value) {
        if (value instanceof EntityUid entity) return entity;
        throw new EvalError("expected an entity");
    }

    static Set<?> items(Object value) {
        if (value instanceof Set<?> set) return set;
        throw new EvalError("expected a set");
    }

    private static int compare(Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) return Long.compare(a, b);
        if (left instanceof Extension.Datetime(long a) && right instanceof Extension.Datetime(long b))
            return Long.compare(a, b);
        if (left instanceof Extension.Duration(long a) && right instanceof Extension.Duration(long b))
            return Long.compare(a, b);
        throw new EvalError("these two have no order");
    }

    private static boolean isIn(Request request, Object left, Object right) {
        var entity = entity(left);
        if (right instanceof EntityUid ancestor) return request.isIn(entity, ancestor);
        // Every member is looked at, as Cedar does: one that is no entity is an error even behind a match.
        boolean found = false;
        for (var ancestor : items(right)) found |= request.isIn(entity, entity(ancestor));
        return found;
    }

    private static boolean has(Request request, Object value, String name) {
        if (value instanceof Map<?, ?> record) return record.containsKey(name);
        return request.hasAttribute(entity(value), name);
    }

    private static Object member(Request request, Object value, String name) {
        if (!(value instanceof Map<?, ?> record)) return request.attribute(entity(value), name);
        var member = record.get(name);
        if (member == null) throw new EvalError("there is no attribute `" + name + "`");
        return member;
    }

    private interface Arithmetic {
        long result();
    }

    private static Object exact(Arithmetic arithmetic) {
        try {
            return arithmetic.result();
        } catch (ArithmeticException overflow) {
            throw new EvalError("the number does not fit 64 bits");
        }
    }
}
