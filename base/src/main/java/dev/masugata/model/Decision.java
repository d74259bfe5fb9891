package dev.masugata.model;

import java.util.List;
import java.util.Set;

/// What a policy says. Plain data: it can be recorded, replayed and compared, and by itself opens nothing.
public sealed interface Decision {
    List<Reason> because();

    /// Go.
    record Allow(List<Reason> because) implements Decision {
        public Allow {
            because = List.copyOf(because);
        }
    }

    /// Go, but without what was found in it: a new action, which is judged from the start, at most once.
    ///
    /// @param mask  families of findings whose place is covered by their name, such as `secret`
    /// @param strip families of findings whose place is cut out, such as `hidden`
    record Rewrite(Set<String> mask, Set<String> strip, List<Reason> because) implements Decision {
        public Rewrite {
            mask = Set.copyOf(mask);
            strip = Set.copyOf(strip);
            because = List.copyOf(because);
            if (mask.isEmpty() && strip.isEmpty()) throw new IllegalArgumentException("a rewrite changes something");
        }
    }

    /// Ask a person. `because` names the holding policies; an approval lifts these and no other.
    record Hold(String question, List<Reason> because) implements Decision {
        public Hold {
            because = List.copyOf(because);
            if (because.isEmpty()) throw new IllegalArgumentException("a hold names the policies that hold");
        }
    }

    /// No.
    record Deny(List<Reason> because) implements Decision {
        public Deny {
            because = List.copyOf(because);
        }
    }
}
