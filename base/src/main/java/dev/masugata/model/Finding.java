package dev.masugata.model;

/// What inspection saw: which rule, how bad, where. Never the value itself.
///
/// @param rule  the catalog entry's id, `family/name`, such as `secret/github-token` or `hidden/tags`
/// @param place a JSON Pointer (RFC 6901) into the action's parameters, or empty for the whole
/// @param from  where it begins in the string at `place`, in UTF-16 code units; [#NOWHERE] if it has no span of its own
/// @param to    where it ends, exclusive; [#NOWHERE] if it has no span
/// @param fingerprint a keyed hash of the value, so that the same value is known again without being told; or empty
public record Finding(String rule, Severity severity, String place, int from, int to, String fingerprint) {
    /// The finding is about all of its place.
    public static final int NOWHERE = -1;

    public Finding {
        boolean none = from == NOWHERE && to == NOWHERE;
        if (!none && (from < 0 || to < from))
            throw new IllegalArgumentException("a span ends where it begins, or later");
    }

    /// About all of a place.
    public Finding(String rule, Severity severity, String place) {
        this(rule, severity, place, NOWHERE, NOWHERE, "");
    }

    /// What sort of thing it is: the rule's first word, `secret` of `secret/github-token`.
    public String family() {
        int slash = rule.indexOf('/');
        return slash < 0 ? rule : rule.substring(0, slash);
    }

    /// True if it says where in the string it is.
    public boolean hasSpan() {
        return from != NOWHERE;
    }
}
