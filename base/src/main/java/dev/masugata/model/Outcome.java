package dev.masugata.model;

/// How an action was decided, in the words that people see everywhere.
public enum Outcome {
    ALLOWED, MASKED, HELD, DENIED, QUARANTINED;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
