package dev.masugata.inspect;

import java.util.Locale;
import java.util.regex.Pattern;

/// Addresses that carry something away: encoded text in their path or query, a gap for it, or in the names of their
/// host.
final class CarryingLinks implements Scanner {
    /// In what the address carries it.
    enum In { IMAGE, LINK, GAP, HOST, COLLECTOR }

    private static final int LABEL_CHARS = 32;
    private static final double LABEL_ENTROPY = 3.6;
    private static final int COLLECTOR_CHARS = 12;
    private static final int COLLECTOR_CHANGES = 4;

    /// What an agent is to fill in: `?q={secret}`, `?d=[DATA]`, `$(cat x)`, `<the key>`.
    private static final Pattern GAP = Pattern.compile(
            "[=/?](?:[{]{1,2}[^{}\\s]{0,40}[}]{1,2}|\\[[A-Z][A-Z0-9_ ]{2,40}\\]|\\$\\([^)]{1,80}\\)?"
                    + "|%7B[^%\\s]{1,40}%7D|<[a-zA-Z][a-zA-Z0-9_ ]{1,40}>)");

    private final In in;
    private final int least;

    /// @param least characters of what is encoded
    CarryingLinks(In in, int least) {
        this.in = in;
        this.least = least;
    }

    @Override
    public void scan(Span span, Hits hits) {
        for (var link : Links.of(span).all()) {
            boolean found = switch (in) {
                case IMAGE -> link.image() && carries(link);
                case LINK -> !link.image() && carries(link);
                case GAP -> link.image() && isGap(span.text(), link);
                case HOST -> isEncoded(link.host());
                case COLLECTOR -> isCollector(link.host());
            };
            if (found) hits.at(link.from(), link.to());
        }
    }

    private boolean carries(Links.Link link) {
        for (var part : link.parts()) {
            if (part.length() < least) continue;
            var text = Payload.of(part);
            // What stands for an address is how proxies of images name what they fetch.
            if (!text.isEmpty() && !text.startsWith("http") && !text.startsWith("{\"alg\"")) return true;
        }
        return false;
    }

    private static boolean isGap(String text, Links.Link link) {
        var near = text.substring(link.from(), Math.min(text.length(), link.to() + 48));
        int end = near.indexOf('\n');
        return GAP.matcher(end < 0 ? near : near.substring(0, end)).find();
    }

    /// A name of the host that is text in an encoding, or long and drawn by lot.
    private static boolean isEncoded(String host) {
        // `x.io` is the least that stands behind it.
        if (host.length() < Payload.CHARS_LEAST + 4) return false;
        var labels = host.split(":", 2)[0].split("\\.");
        int drawn = 0;
        for (int i = 0; i < labels.length - 2; i++) {
            var label = labels[i];
            if (!Payload.of(label).isEmpty()) return true;
            if (label.length() < LABEL_CHARS) continue;
            boolean digits = label.chars().anyMatch(c -> c >= '0' && c <= '9');
            boolean random = digits && label.indexOf('-') < 0 && Randomness.entropy(label) >= LABEL_ENTROPY
                    && Randomness.words(label) < 0.5;
            if (random) drawn += label.length();
        }
        // One label of that length names a content, a bucket, a machine.
        return drawn >= 2 * LABEL_CHARS;
    }

    /// One's own name under somebody's host, drawn by lot: as the places are named where requests are collected.
    private static boolean isCollector(String host) {
        if (host.indexOf('.') < COLLECTOR_CHARS) return false;
        var labels = host.toLowerCase(Locale.ROOT).split(":", 2)[0].split("\\.");
        if (labels.length < 3 || labels[0].length() < COLLECTOR_CHARS || labels[0].indexOf('-') >= 0) return false;
        int changes = 0;
        for (int i = 1; i < labels[0].length(); i++)
            if (DigitRuns.isDigit(labels[0].charAt(i)) != DigitRuns.isDigit(labels[0].charAt(i - 1))) changes++;
        return changes >= COLLECTOR_CHANGES;
    }
}
