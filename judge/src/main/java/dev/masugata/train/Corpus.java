package dev.masugata.train;

import dev.masugata.model.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Texts drawn from grammars, the same ones for the same seed.
public final class Corpus {
    /// The file of papers of programs: what is buried in those must be found too.
    private static final String MANUALS = "manuals";
    private static final int PAPERS_PERCENT = 12;

    /// Files that are trained on.
    static final List<String> TRAINED = List.of("english", "japanese", "other", MANUALS);
    /// Files that are held back; they share no line with those.
    static final List<String> HELD = List.of("held-english", "held-japanese");

    /// Of the texts of a family that may be buried, how many are.
    private static final int BURIED_PERCENT = 55;
    private static final int CARRIERS_PERCENT = 30;

    private final List<Example> examples = new ArrayList<>();
    private final Random random;
    private final int each;

    private Corpus(long seed, int each) {
        this.random = new Random(seed);
        this.each = each;
    }

    /// @param each texts of a family of weight one
    public static List<Example> trained(long seed, int each) {
        return of(TRAINED, seed, each);
    }

    public static List<Example> held(long seed, int each) {
        return of(HELD, seed, each);
    }

    static List<Example> of(List<String> names, long seed, int each) {
        var corpus = new Corpus(seed, each);
        var papers = names.contains(MANUALS) ? Grammar.named(MANUALS) : null;
        for (var name : names) {
            var grammar = Grammar.named(name);
            corpus.add(grammar, papers == null || !name.equals("english") ? grammar : papers, name);
        }
        Collections.shuffle(corpus.examples, corpus.random);
        return corpus.examples;
    }

    /// @param papers what else of its language something may be buried in
    private void add(Grammar grammar, Grammar papers, String name) {
        int harmless = 0;
        for (var family : grammar.families()) {
            var channels = List.copyOf(family.channels()).stream().sorted().toList();
            for (int i = 0; i < each * family.weight(); i++) {
                var channel = channels.get(random.nextInt(channels.size()));
                var template = family.templates().get(random.nextInt(family.templates().size()));
                var text = Variation.of(grammar.expand(template, random), random);
                examples.add(put(random.nextInt(100) < PAPERS_PERCENT ? papers : grammar, family, channel, text));
                if (!family.hostile()) harmless++;
            }
        }
        if (grammar.documents().isEmpty()) return;
        var carriers = List.of(Channel.TOOL_RESULT, Channel.TOOL_RESULT, Channel.MEMORY, Channel.EGRESS);
        for (int i = 0; i < harmless * CARRIERS_PERCENT / 100; i++) {
            var carried = new Carrier(grammar, random).harmless();
            var text = random.nextInt(5) == 0 ? Variation.of(carried.text(), random) : carried.text();
            examples.add(Example.whole(text, false, carriers.get(random.nextInt(4)), name + "-documents"));
        }
    }

    private Example put(Grammar grammar, Grammar.Family family, Channel channel, String text) {
        boolean bury = family.bury()
                && channel != Channel.USER
                && channel != Channel.TOOL_DESCRIPTION
                && !grammar.documents().isEmpty()
                && random.nextInt(100) < BURIED_PERCENT;
        if (!bury) return Example.whole(text, family.hostile(), channel, family.name());
        var carried = new Carrier(grammar, random).around(text);
        return new Example(carried.text(), family.hostile(), channel, family.name(), carried.from(), carried.to());
    }
}
