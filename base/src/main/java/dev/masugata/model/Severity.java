package dev.masugata.model;

/// How much a finding matters, least first.
public enum Severity {
    INFO, LOW, MEDIUM, HIGH, CRITICAL;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
