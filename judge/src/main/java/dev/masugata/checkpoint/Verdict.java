package dev.masugata.checkpoint;

/// What a gate gets back: a permit to use at an exit, or a refusal to tell.
public sealed interface Verdict permits Permit, Refusal {}
