package dev.masugata.model;

/// What inspection saw: which rule, how bad, where. Never the value itself.
///
/// @param place a JSON Pointer (RFC 6901) into the action's parameters, or empty for the whole
public record Finding(String rule, Severity severity, String place) {}
