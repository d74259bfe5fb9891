package dev.masugata.analyst;

import java.util.List;

/// Questions to begin a day with.
public final class Prompts {
    public static final List<String> MORNING = List.of(
            "sessions that showed critical or high findings in the last 24 hours",
            "which hosts were denied in the last 24 hours",
            "which exposed endpoints are unauthenticated",
            "agents that use unpinned servers",
            "agents affected by critical or high vulnerabilities");

    private Prompts() {}
}
