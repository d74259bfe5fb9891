package dev.masugata.sandbox;

import java.util.List;

/// What came of an [Review#apply]: each chosen change is in exactly one of the two lists.
///
/// @param done stands in the workspace now, or stood there already
/// @param refused was left as the host has it
public record Applied(List<TreePath> done, List<Refused> refused) {
    public Applied {
        done = List.copyOf(done);
        refused = List.copyOf(refused);
    }

    /// A path that was not applied, and why.
    public record Refused(TreePath path, String reason) {}
}
