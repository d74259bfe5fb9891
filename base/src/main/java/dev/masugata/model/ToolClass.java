package dev.masugata.model;

/// What a tool can do at worst. Confirmed by a person or a catalog entry; an annotation alone confirms nothing.
public enum ToolClass {
    READ, WRITE, EGRESS, IRREVERSIBLE, CREDENTIAL, EXECUTION,
    /// Nobody confirmed a class: held, with the limits of egress and of irreversible.
    UNCONFIRMED;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
