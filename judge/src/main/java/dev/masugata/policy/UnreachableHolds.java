package dev.masugata.policy;

import java.util.ArrayList;
import java.util.List;

/// Holds that can never ask anybody: a plain `forbid` denies all they could hold, or no `permit` lies beneath them.
final class UnreachableHolds {
    private UnreachableHolds() {}

    /// One sentence for each, with the place of the hold.
    static List<PolicyProblem> of(List<Statement> statements) {
        var unreachable = new ArrayList<PolicyProblem>();
        for (var hold : statements) {
            if (hold.hold().isEmpty()) continue;
            for (var forbid : statements)
                if (isPlainForbid(forbid) && forbid.conditions().isEmpty() && covers(forbid, hold)) {
                    unreachable.add(hold.problem(hold.at(), "never asks anybody: policy `" + forbid.id() + "` forbids all of it"));
                    break;
                }
            if (statements.stream().noneMatch(it -> it.permits() && meets(it, hold)))
                unreachable.add(hold.problem(hold.at(), "never asks anybody: no `permit` allows any of it"));
        }
        return unreachable;
    }

    private static boolean isPlainForbid(Statement statement) {
        return statement.denies();
    }

    /// True if the scope of the one holds everything that the scope of the other does.
    private static boolean covers(Statement one, Statement other) {
        return covers(one.principal(), other.principal())
                && covers(one.action(), other.action())
                && covers(one.resource(), other.resource());
    }

    private static boolean covers(Statement.Scope one, Statement.Scope other) {
        return switch (one) {
            case Statement.Scope.Any _ -> true;
            case Statement.Scope.In(var entities) -> switch (other) {
                case Statement.Scope.Equal(var entity) -> entities.stream().anyMatch(it -> holds(it, entity));
                case Statement.Scope.In(var others) ->
                    others.stream().allMatch(entity -> entities.stream().anyMatch(it -> holds(it, entity)));
                case Statement.Scope.Any _, Statement.Scope.Is _ -> false;
            };
            case Statement.Scope.Equal _ -> one.equals(other);
            case Statement.Scope.Is(var type, var in) ->
                other instanceof Statement.Scope.Is(var otherType, var otherIn)
                        && type.equals(otherType)
                        && (in.isEmpty() || in.equals(otherIn));
        };
    }

    /// True if the one is the other or the group of actions it belongs to.
    private static boolean holds(EntityUid one, EntityUid other) {
        return one.equals(other) || one.type().equals("Action") && other.id().startsWith(one.id() + ":");
    }

    /// False only where the scopes can have nothing in common.
    private static boolean meets(Statement one, Statement other) {
        return meets(one.principal(), other.principal())
                && meets(one.action(), other.action())
                && meets(one.resource(), other.resource());
    }

    private static boolean meets(Statement.Scope one, Statement.Scope other) {
        var some = named(one);
        var others = named(other);
        if (some.isEmpty() || others.isEmpty()) return true;
        for (var a : some) for (var b : others) if (holds(a, b) || holds(b, a)) return true;
        // Two different entities may still meet where one is a group of the other.
        return !(one instanceof Statement.Scope.Equal && other instanceof Statement.Scope.Equal)
                && some.stream().noneMatch(it -> it.type().equals("Action"));
    }

    private static List<EntityUid> named(Statement.Scope scope) {
        return switch (scope) {
            case Statement.Scope.Equal(var entity) -> List.of(entity);
            case Statement.Scope.In(var entities) -> entities;
            case Statement.Scope.Any _, Statement.Scope.Is _ -> List.of();
        };
    }
}
