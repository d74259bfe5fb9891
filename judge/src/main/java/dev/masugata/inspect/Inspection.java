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

    /// The findings as they may stand in the record: a member whose name is a secret is not named by their places.
    public List<Finding> forTheRecord() {
        var names = findings.stream()
                .filter(it -> it.place().endsWith("#")
                        && (it.family().equals("secret") || it.family().equals("personal")))
                .map(it -> it.place().substring(0, it.place().length() - 1))
                .distinct()
                .toList();
        if (names.isEmpty()) return findings;
        return findings.stream().map(it -> unnamed(it, names)).toList();
    }

    private static Finding unnamed(Finding finding, List<String> names) {
        var place = finding.place();
        for (var name : names)
            if (place.startsWith(name))
                place = name.substring(0, name.lastIndexOf('/') + 1) + "[masked]" + place.substring(name.length());
        return new Finding(
                finding.rule(), finding.severity(), place, finding.from(), finding.to(), finding.fingerprint());
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
