package dev.masugata.scan;

import dev.masugata.model.Inventory;
import java.util.Optional;
import java.util.function.Supplier;

/// How far a scan has come, kept by whoever started it, so that another one goes on from there.
public interface Progress {
    /// Nothing is kept: every scan begins at the beginning.
    Progress NONE = new Progress() {
        @Override
        public Optional<Inventory> before() {
            return Optional.empty();
        }

        @Override
        public boolean done(String name) {
            return false;
        }

        @Override
        public void reached(String name, Supplier<Inventory> found, boolean last) {}
    };

    /// What an earlier scan had found when it was interrupted.
    Optional<Inventory> before();

    /// Whether that scan had come past this file.
    boolean done(String name);

    /// All files up to this one were looked at.
    ///
    /// @param last the scan ends here though more is there
    void reached(String name, Supplier<Inventory> found, boolean last);
}
