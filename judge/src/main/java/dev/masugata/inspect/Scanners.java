package dev.masugata.inspect;

import java.util.Map;

/// The scanners by the names that detections call them by.
final class Scanners {
    static final Map<String, Scanner> ALL = Map.ofEntries(
            Map.entry("assigned-drawn", new AssignedSecret(AssignedSecret.Grade.DRAWN, false)),
            Map.entry("assigned-likely", new AssignedSecret(AssignedSecret.Grade.LIKELY, false)),
            Map.entry("basic-auth", new BasicAuth()),
            Map.entry("checksum-right", new ChecksummedToken(true)),
            Map.entry("checksum-wrong", new ChecksummedToken(false)),
            Map.entry("key-block", new KeyBlock()),
            Map.entry("mixed-token", new MixedToken()),
            Map.entry("named-drawn", new AssignedSecret(AssignedSecret.Grade.DRAWN, true)),
            Map.entry("named-likely", new AssignedSecret(AssignedSecret.Grade.LIKELY, true)),
            Map.entry("overwrites", new Overwrites()),
            Map.entry("selector-runs", new SelectorRuns()),
            Map.entry("tag-runs", new TagRuns()),
            Map.entry("token", new Token()),
            Map.entry("url-password", new UrlPassword()),
            Map.entry("web-token", new WebToken()),
            Map.entry("zero-width-runs", new ZeroWidthRuns()));

    private Scanners() {}
}
