package dev.masugata.model;

import java.util.Set;

/// What the record says about a session right now. Folded from events; all of it may only tighten.
///
/// @param labels  what the session has touched: `untrusted`, `secret`, `personal`; they only rise
/// @param stopped an operator stopped the session
/// @param quarantined what may not be used: servers by `server`, tools by `server/tool`
public record Facts(Set<String> labels, boolean stopped, Set<String> quarantined) {
    public static final Facts NONE = new Facts(Set.of(), false, Set.of());

    public Facts {
        labels = Set.copyOf(labels);
        quarantined = Set.copyOf(quarantined);
    }
}
