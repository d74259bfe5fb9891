package dev.masugata.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Origins;
import dev.masugata.model.Source;
import dev.masugata.model.Source.Integrity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What is forgotten makes values less trusted, never more: over random histories, a session with little room calls
/// everything unproven, untrusted, suspicious or confidential that one with room for all does.
class EvictionTest {
    private static final int HISTORIES = 400;
    private static final List<String> WORDS = List.of(
            "alpha", "bob@x.example", "shop.example", "key-12345", "https://a.example/q", "twelve", "9000",
                    "c@y.example");

    private record Step(Source source, String text, boolean suspicious) {}

    @Test
    void whatIsForgottenIsLessTrusted() {
        int stricter = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            var random = new SplittableRandom(seed);
            var roomy = new Seen();
            var small = new Seen(200 + random.nextInt(2_000), 100 + random.nextInt(400));
            for (int i = 0; i < 30; i++) {
                var step = step(random);
                for (var seen : List.of(roomy, small))
                    seen.add(step.source(), "", step.text(), step.suspicious(), Set.of());
                var arguments = Json.object("to", word(random)).with("body", word(random) + " and " + word(random));
                var all = new Tracing(roomy).of(Value.of(arguments)).origins();
                var few = new Tracing(small).of(Value.of(arguments)).origins();
                var where = "seed " + seed + ", step " + i + ": " + arguments;
                assertTrue(few.unproven().containsAll(all.unproven()), where);
                assertTrue(few.untrusted().containsAll(all.untrusted()), where);
                assertTrue(few.destinations().containsAll(all.destinations()), where);
                assertTrue(few.suspicious().containsAll(all.suspicious()), where);
                assertTrue(few.confidential().containsAll(all.confidential()), where);
                assertTrue(few.addresses() >= all.addresses(), where + " " + few.addresses() + " < " + all.addresses());
                if (!few.equals(all)) stricter++;
            }
        }
        assertTrue(stricter > HISTORIES, "nothing was forgotten: " + stricter);
    }

    @Test
    void afterARestartASessionIsKnownByItsLabels() {
        var seen = new Seen();
        seen.forgot(Set.of("untrusted", "secret"));
        seen.add(new Source(Integrity.USER, Set.of(), "alice", ""), "", "write to bob@x.example", false, Set.of());
        var origins = new Tracing(seen).of(Value.of(Json.object("to", "bob@x.example"))).origins();
        assertEquals(Set.of("/to"), origins.untrusted(), "it may have been a stranger's before");
        var clean = new Seen();
        clean.add(new Source(Integrity.USER, Set.of(), "alice", ""), "", "write to bob@x.example", false, Set.of());
        assertEquals(Origins.NONE, new Tracing(clean).of(Value.of(Json.object("to", "bob@x.example"))).origins());
    }

    private static Step step(SplittableRandom random) {
        var integrity = Integrity.values()[random.nextInt(Integrity.values().length)];
        var text = new ArrayList<String>();
        for (int i = random.nextInt(8); i >= 0; i--) text.add(word(random));
        Set<String> labels = random.nextInt(4) == 0 ? Set.of("secret") : Set.of();
        boolean own = integrity == Integrity.USER || integrity == Integrity.OPERATOR;
        return new Step(
                new Source(integrity, own ? Set.of() : labels, "someone", ""),
                String.join(" ", text),
                !integrity.isPositive() && random.nextInt(4) == 0);
    }

    private static String word(SplittableRandom random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }
}
