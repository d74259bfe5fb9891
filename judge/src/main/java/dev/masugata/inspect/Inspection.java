package dev.masugata.inspect;

import dev.masugata.model.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What one look at an action brought.
///
/// @param findings what was seen
/// @param opaque   places that could not be read, as JSON Pointers: what lies there is not known to be harmless
public record Inspection(List<Finding> findings, Set<String> opaque) {
    public static final Inspection NOTHING = new Inspection(List.of(), Set.of());

    public Inspection {
        findings = List.copyOf(findings);
        opaque = Set.copyOf(opaque);
    }

    public static Inspection of(List<Finding> findings) {
        return new Inspection(findings, Set.of());
    }

    /// Both looks together.
    public Inspection and(Inspection other) {
        var all = new ArrayList<>(findings);
        all.addAll(other.findings);
        var unread = new LinkedHashSet<>(opaque);
        unread.addAll(other.opaque);
        return new Inspection(all, unread);
    }
}
