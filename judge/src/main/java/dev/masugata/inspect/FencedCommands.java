package dev.masugata.inspect;

/// Dangerous commands in blocks of code of a text (CommonMark 0.31.2, 4.5): what an agent may take up and run.
final class FencedCommands implements Scanner {
    private static final String FENCE = "```";

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int open = text.indexOf(FENCE); open >= 0; ) {
            int from = text.indexOf('\n', open);
            int to = from < 0 ? -1 : text.indexOf(FENCE, from);
            if (to < 0) return;
            var all = Shell.commands(text.substring(from, to));
            for (int at = 0; at < all.size(); at++)
                if (Dangers.any(all, at)) hits.at(from + all.get(at).from(), from + all.get(at).to());
            open = text.indexOf(FENCE, to + FENCE.length());
        }
    }
}
