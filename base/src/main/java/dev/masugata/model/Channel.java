package dev.masugata.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// On which way text comes in or goes out. Detectors are calibrated for each channel: what is usual on one is odd on
/// another.
public enum Channel {
    /// What a person says to the agent.
    USER,
    /// What a tool says of itself: name, description, schema.
    TOOL_DESCRIPTION,
    /// What a tool answers.
    TOOL_RESULT,
    /// What an agent's memory holds.
    MEMORY,
    /// What leaves: arguments of calls, bodies of requests.
    EGRESS;

    /// As data files and reports write it: `tool-result`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The channel of that word.
    public static Optional<Channel> of(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }
}
