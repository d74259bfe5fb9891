package dev.masugata.provenance;

import java.util.Locale;

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
        long first = value.spellings().stream().mapToLong(this::first).min().orElse(Long.MAX_VALUE);
        return first < Long.MAX_VALUE && first < seen.untrustedForgottenAt() && first < firstStranger(value);
    }

    /// The same for a name inside of a value, in lower case.
    boolean of(String name) {
        long first = first(name);
        return first < Long.MAX_VALUE && first < seen.untrustedForgottenAt() && first < firstStranger(name);
    }

    private long first(String text) {
        return Math.min(firstSaid(text), firstTrusted(text));
    }

    private long firstSaid(String text) {
        for (var span : seen.said()) if (says(span, text)) return span.number();
        return Long.MAX_VALUE;
    }

    private long firstTrusted(String text) {
        var content = seen.content();
        if (!content.hasTrusted()) return Long.MAX_VALUE;
        for (int at = 0; at < content.size(); at++) {
            var span = content.at(at);
            if (span.source().integrity().isPositive() && !echoes(span, text) && says(span, text)) return span.number();
        }
        return Long.MAX_VALUE;
    }

    /// Letter for letter; addresses, hosts and names taken from a value in any case.
    private static boolean says(Span span, String text) {
        if (Forms.holdsWord(span.exact(), text)) return true;
        var lower = text.toLowerCase(Locale.ROOT);
        return Destinations.hasForm(lower) && Forms.holdsWord(span.exact().toLowerCase(Locale.ROOT), lower);
    }

    /// What stood anywhere in the call itself came back, no more.
    private static boolean echoes(Span span, String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return span.echoed().stream().anyMatch(it -> it.contains(lower));
    }

    /// Strangers' words are looked for in every form: who said it first must not depend on how they wrote it.
    private long firstStranger(Value value) {
        var content = seen.content();
        var letters = value.letters();
        for (int at = content.next(-1, letters); at >= 0; at = content.next(at, letters)) {
            var span = content.at(at);
            if (!span.source().integrity().isPositive() && Match.of(span, value).isPresent()) return span.number();
        }
        return Long.MAX_VALUE;
    }

    private long firstStranger(String name) {
        var content = seen.content();
        var letters = new long[] {Letters.of(name)};
        for (int at = content.next(-1, letters); at >= 0; at = content.next(at, letters)) {
            var span = content.at(at);
            if (!span.source().integrity().isPositive() && span.text().contains(name)) return span.number();
        }
        return Long.MAX_VALUE;
    }

    /// True if the user or the operator said it at any time: it is no secret of anybody else.
    boolean isSaid(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return seen.said().stream().anyMatch(it -> Forms.holdsWord(it.exact().toLowerCase(Locale.ROOT), lower));
    }
}
