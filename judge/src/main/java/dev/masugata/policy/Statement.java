package dev.masugata.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One policy as it was written.
///
/// @param id         from `@id`
/// @param conditions `unless` is there as a negated `when`
record Statement(
        Source source,
        int at,
        int end,
        Map<String, String> annotations,
        String id,
        boolean permits,
        Scope principal,
        Scope action,
        Scope resource,
        List<Expr> conditions) {

    /// What a policy's head says of principal, action or resource.
    sealed interface Scope {
        record Any() implements Scope {}

        record Equal(EntityUid entity) implements Scope {}

        record In(List<EntityUid> entities) implements Scope {}

        record Is(String type, Optional<EntityUid> in) implements Scope {}
    }

    /// The question of a `@hold` policy.
    Optional<String> hold() {
        return Optional.ofNullable(annotations.get("hold"));
    }

    /// The sentence for people.
    String reason() {
        var written = annotations.get("reason");
        return written != null ? written : (permits ? "permitted" : "forbidden") + " by policy `" + id + "`";
    }

    String text() {
        return source.text().substring(at, end);
    }

    PolicyProblem problem(int offset, String message) {
        return source.problem(offset, "policy `" + id + "`: " + message);
    }
}
