package dev.masugata.inspect;

import java.util.Map;

/// The scanners by the names that detections call them by.
final class Scanners {
    static final Map<String, Scanner> ALL = Map.ofEntries(
            Map.entry("overwrites", new Overwrites()),
            Map.entry("selector-runs", new SelectorRuns()),
            Map.entry("tag-runs", new TagRuns()),
            Map.entry("zero-width-runs", new ZeroWidthRuns()));

    private Scanners() {}
}
