package dev.masugata.model;

import java.util.List;

/// What a policy says. Plain data: it can be recorded, replayed and compared, and by itself opens nothing.
public sealed interface Decision {
    List<Reason> because();

    /// Go.
    record Allow(List<Reason> because) implements Decision {
        public Allow {
            because = List.copyOf(because);
        }
    }

    /// Go, but as another action, which is judged from the start, at most once.
    record Rewrite(Action instead, List<Reason> because) implements Decision {
        public Rewrite {
            because = List.copyOf(because);
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
