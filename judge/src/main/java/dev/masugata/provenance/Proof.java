package dev.masugata.provenance;

/// Whether the user, the operator or a trusted tool said a value, and said it first.
///
/// A value that untrusted content said before stays untrusted, whoever repeats it: what a person copies from a page, or
/// a trusted tool looks up because a page named it, is not what they meant by themselves.
final class Proof {
    private final Seen seen;

    Proof(Seen seen) {
        this.seen = seen;
    }

    boolean of(Value value) {
        return value.spellings().stream().anyMatch(this::of);
    }

    /// @param text shadow text
    boolean of(String text) {
        long first = first(text);
        return first < seen.untrustedForgottenAt() && first < firstUntrusted(text);
    }

    private long first(String text) {
        return Math.min(firstSaid(text), firstTrusted(text));
    }

    private long firstSaid(String text) {
        for (var span : seen.said()) if (Forms.holdsWord(span.text(), text)) return span.number();
        return Long.MAX_VALUE;
    }

    private long firstTrusted(String text) {
        for (var span : seen.content())
            if (span.source().integrity().isPositive()
                    && !span.echoed().contains(text)
                    && Forms.holdsWord(span.text(), text)) return span.number();
        return Long.MAX_VALUE;
    }

    private long firstUntrusted(String text) {
        for (var span : seen.content())
            if (!span.source().integrity().isPositive() && Forms.holdsWord(span.text(), text)) return span.number();
        return Long.MAX_VALUE;
    }

    /// True if the user or the operator said it at any time: it is no secret of anybody else.
    boolean isSaid(String text) {
        return seen.said().stream().anyMatch(it -> Forms.holdsWord(it.text(), text));
    }
}
