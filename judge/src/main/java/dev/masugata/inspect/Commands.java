package dev.masugata.inspect;

import java.util.List;
import java.util.function.Predicate;

/// Commands of one kind in a text that a shell could be given.
final class Commands implements Scanner {
    /// Says it of one command among all.
    interface Kind {
        boolean is(List<Shell.Command> all, int at);
    }

    private final Kind kind;

    Commands(Kind kind) {
        this.kind = kind;
    }

    static Commands each(Predicate<Shell.Command> kind) {
        return new Commands((all, at) -> kind.test(all.get(at)));
    }

    @Override
    public void scan(Span span, Hits hits) {
        var all = Shell.Commands.of(span).all();
        for (int at = 0; at < all.size(); at++) {
            if (!kind.is(all, at)) continue;
            int from = Math.max(span.from(), all.get(at).from());
            int to = Math.min(span.to(), all.get(at).to());
            if (from < to) hits.at(from, to);
        }
    }
}
