package dev.masugata.checkpoint;

import dev.masugata.model.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// No, or not yet. Everything in it may be told to the agent.
///
/// @param id         the decision `d-41`, or the approval `a-12` that is waited for; empty where nothing could be recorded
/// @param dimension  what ran out, for [Kind#LIMITED]: `caller`, `tool`, `address`, `events`; else empty
/// @param retryAfter when it is worth trying again, for [Kind#LIMITED]; else zero
public record Refusal(Kind kind, String id, List<Reason> because, String dimension, Duration retryAfter)
        implements Verdict {
    public Refusal {
        because = List.copyOf(because);
    }

    /// How it was refused.
    public enum Kind {
        DENIED,
        /// A person was asked; the same action again joins or uses the answer.
        HELD,
        /// Too many, too fast.
        LIMITED,
        /// Masugata could not judge or could not record; nothing leaves.
        CLOSED
    }

    static Refusal denied(String id, List<Reason> because) {
        return new Refusal(Kind.DENIED, id, because, "", Duration.ZERO);
    }

    static Refusal closed(String id, Reason reason) {
        return new Refusal(Kind.CLOSED, id, List.of(reason), "", Duration.ZERO);
    }

    /// The sentences, joined.
    public String text() {
        return because.stream().map(Reason::text).collect(Collectors.joining("; "));
    }
}
