package dev.masugata.model;

/// Why: the id of the policy or rule, and its sentence for people.
public record Reason(String id, String text) {}
