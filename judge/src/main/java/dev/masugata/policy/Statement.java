package dev.masugata.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /// True if it neither holds nor rewrites: it denies.
    boolean denies() {
        return !permits && hold().isEmpty() && mask().isEmpty() && strip().isEmpty();
    }

    /// The families whose findings a `@mask` policy covers.
    Set<String> mask() {
        return families("mask");
    }

    /// The families whose findings a `@strip` policy cuts out.
    Set<String> strip() {
        return families("strip");
    }

    private Set<String> families(String annotation) {
        var written = annotations.getOrDefault(annotation, "").strip();
        return written.isEmpty() ? Set.of() : Set.of(written.split("\\s+"));
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
