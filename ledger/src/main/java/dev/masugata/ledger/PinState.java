package dev.masugata.ledger;

import java.util.Arrays;
import java.util.Locale;

/// How a definition, as its server gave it last, stands to what people approved.
public enum PinState {
    /// Nobody looked at it yet.
    NEW,
    /// Word for word what was approved.
    APPROVED,
    /// Another one was approved under this name.
    CHANGED,
    /// The content of a definition that is known under another name.
    RENAMED,
    /// It passes for a tool of another server, or speaks of one.
    SHADOWS,
    /// A check of the definition found something.
    SUSPECT;

    /// True for what is held back until somebody looked at why.
    public boolean isQuarantined() {
        return switch (this) {
            case NEW, APPROVED -> false;
            case CHANGED, RENAMED, SHADOWS, SUSPECT -> true;
        };
    }

    /// As records and listings write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What a record says; a word that is none is no approval.
    static PinState of(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst().orElse(SUSPECT);
    }
}
