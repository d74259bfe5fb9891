package dev.masugata.inspect;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.text.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// What detectors saw in one action, within the bounds of one action.
public final class Report {
    /// Findings of one family in one action; more places say nothing new.
    static final int FINDINGS_MAX = 32;

    /// Strings that are a finding as a whole, because they hold more than [#FINDINGS_MAX]; past it all is opaque.
    static final int WHOLE_MAX = 1024;

    /// Places that are named as unread in one action.
    static final int OPAQUE_MAX = 64;

    /// Characters that patterns look at in one action, each pattern's counted; where one matches, sixteenfold.
    static final int MATCHED_CHARS_MAX = 8 * 1024 * 1024;

    /// Time for one action; past it what was not read yet is opaque.
    static final long NANOS_MAX = 1_000_000_000L;

    private final Fingerprint fingerprint;
    private final LongSupplier nanoTime;
    private final long nanos;
    private final long began;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Integer> families = new HashMap<>();
    private final Set<String> opaque = new LinkedHashSet<>();
    private final Set<String> whole = new HashSet<>();
    private int matched;

    /// @param nanos for all of one action
    Report(Fingerprint fingerprint, LongSupplier nanoTime, long nanos) {
        this.fingerprint = fingerprint;
        this.nanoTime = nanoTime;
        this.nanos = nanos;
        this.began = nanoTime.getAsLong();
    }

    /// Something is at `[from, to)` of a reading of the passage; the finding says where that is in the given text. What
    /// the same rule found there in another reading is not said twice.
    public void found(String rule, Severity severity, Passage passage, Layer layer, int from, int to) {
        int begin = layer.originalFrom(from);
        int end = Math.max(begin, layer.originalTo(to));
        int family = rule.indexOf('/');
        var name = family < 0 ? rule : rule.substring(0, family);
        if (isKnown(rule, passage.place(), begin, end)) return;
        if (families.getOrDefault(name, 0) >= FINDINGS_MAX) {
            more(rule, severity, name, passage.place());
            return;
        }
        var value = layer.cased().substring(from, to);
        findings.add(new Finding(rule, severity, passage.place(), begin, end, fingerprint.of(name, value)));
        families.merge(name, 1, Integer::sum);
    }

    /// Past the bound no place is told, but what is to be covered must be: the finding is about all of the string.
    private void more(String rule, Severity severity, String family, String place) {
        if (!whole.add(family + " " + place)) return;
        if (whole.size() > WHOLE_MAX) unread("");
        else findings.add(new Finding(rule, severity, place));
    }

    private boolean isKnown(String rule, String place, int from, int to) {
        for (var known : findings)
            if (known.rule().equals(rule) && known.place().equals(place) && known.from() < to && from < known.to())
                return true;
        return false;
    }

    /// Something at this place could not be read. Past [#OPAQUE_MAX] places it is the whole action.
    public void unread(String place) {
        opaque.add(opaque.size() < OPAQUE_MAX ? place : "");
    }

    /// Takes characters from what patterns may look at.
    /// @return false if there are not so many left: what is not looked at is then opaque
    boolean spend(Passage passage, int chars) {
        matched += chars;
        if (matched <= MATCHED_CHARS_MAX) return true;
        unread(passage.place());
        return false;
    }

    /// True if the time for one action is over.
    boolean late() {
        return nanosLeft() < 0;
    }

    /// What is left of the time for one action; less than 0 if it is over.
    public long nanosLeft() {
        return nanos - (nanoTime.getAsLong() - began);
    }

    /// True if nothing was found so far, and nothing was left unread.
    boolean isEmpty() {
        return findings.isEmpty() && opaque.isEmpty();
    }

    Inspection inspection() {
        return new Inspection(findings, opaque);
    }
}
