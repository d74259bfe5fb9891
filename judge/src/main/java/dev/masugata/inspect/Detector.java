package dev.masugata.inspect;

/// Looks at one string of an action through all its readings, and reports what it sees.
public interface Detector {
    void look(Passage passage, Report report);
}
