package dev.masugata.checkpoint;

/// placeholder
final class EgressExit {
    static final String NAME = "egress";
}
