package dev.masugata.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.graph.query.Questions;
import dev.masugata.model.Asset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a question may cost, and that it can change nothing.
class BoundsTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");

    private static Estate packages(int count) {
        var estate = new Estate.Builder();
        for (int i = 0; i < count; i++) estate.node(new Asset("Package", "p" + i, "p" + i, Map.of()));
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j += 7) estate.edge(new Edge("DEPENDS_ON", "p" + i, "p" + j, THEN, "scan"));
        return estate.build();
    }

    @Test
    void rowsThatAreLeftOutAreSaidToBe() {
        try (var store = Store.of(packages(90))) {
            var questions = new Questions(store, Schema.shipped());
            var all = questions.ask("MATCH Package AS a DEPENDS_ON Package AS b");
            assertTrue(all.cut());
            assertEquals(GraphLimits.ROWS_USUAL, all.rows().size());
            assertFalse(questions.ask("MATCH Package").cut());
            assertEquals(3, questions.ask("MATCH Package LIMIT 3").rows().size());
            assertTrue(questions.ask("PATH Package AS a TO Package AS b WITHIN 2 HOPS LIMIT 3").cut());
        }
    }

    @Test
    void whatTakesTooLongIsEnded() {
        try (var store = Store.of(packages(200))) {
            var endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r";
            long begin = System.nanoTime();
            assertThrows(Store.TooLong.class, () ->
                    store.select(endless, List.of(), 1, Duration.ofMillis(50), (_, _) -> false));
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(5).toNanos());
            assertEquals(1, new Questions(store, Schema.shipped()).ask("MATCH Package LIMIT 1").rows().size());
        }
    }

    @Test
    void theStoreTakesNoStatementThatWrites() {
        try (var store = Store.of(packages(8))) {
            for (var writes : List.of("DELETE FROM node", "DROP TABLE edge", "UPDATE node SET name = ''"))
                assertThrows(IllegalStateException.class, () ->
                        store.select(writes, List.of(), 1, Duration.ofSeconds(1), (_, _) -> false), writes);
            assertEquals(8, new Questions(store, Schema.shipped()).ask("MATCH Package").rows().size());
        }
    }

    /// An edge to what nobody described is no edge to nothing.
    @Test
    void whatNobodyDescribedIsThereAsUnknown() {
        var estate = new Estate.Builder().node(new Asset("Agent", "a", "a", Map.of()))
                .edge(new Edge("USES", "a", "gone", THEN, "scan")).build();
        assertEquals("Unknown", estate.nodes().getLast().kind());
        try (var store = Store.of(estate)) {
            var words = Schema.shipped().with(estate);
            assertEquals(1, new Questions(store, words).ask("MATCH Agent USES Unknown").rows().size());
        }
    }
}
