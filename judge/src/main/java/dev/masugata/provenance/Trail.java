package dev.masugata.provenance;

import dev.masugata.model.Origins;
import java.util.List;

/// Where the values of one action come from, and by which way.
///
/// @param paths one for each value that is not proven, in the order of the arguments
public record Trail(Origins origins, List<Path> paths) {
    public static final Trail NONE = new Trail(Origins.NONE, List.of());

    public Trail {
        paths = List.copyOf(paths);
    }

    /// From content to call.
    ///
    /// @param place where the value stands in the arguments
    /// @param from  who said it: `mail/read`; `nobody seen` where it stood in nothing that the session saw
    /// @param cause the decision that let it in, such as `d-41`; or empty
    /// @param at    where it stood in what was delivered, a JSON Pointer; or empty
    /// @param how   `verbatim`, `spaced`, `decoded`, `joined`, `part`, or `forgotten` where the session saw more than
    ///     is kept
    public record Path(String place, String from, String cause, String at, String how) {
        /// For people: `/to from mail/read (d-41 /content/0/text, verbatim)`.
        @Override
        public String toString() {
            var where = (cause + " " + at).strip();
            return place + " from " + from + " (" + (where.isEmpty() ? how : where + ", " + how) + ")";
        }
    }
}
