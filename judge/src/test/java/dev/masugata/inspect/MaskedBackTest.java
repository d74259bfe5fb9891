package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Channel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [Redaction] writes over a secret, the detection of marks knows again: every rule's.
class MaskedBackTest {
    private static final Pipeline PIPELINE = new Pipeline(List.of(new Rules(Detections.all())), new byte[32]);

    private static List<String> rules(String text) {
        return PIPELINE.inspect(Channel.EGRESS, "/content", text).findings().stream()
                .map(it -> it.rule())
                .toList();
    }

    @Test
    void everyMarkIsKnownAgain() {
        var redaction = Redaction.by(Set.of("secret", "personal", "injection"), Set.of());
        int marks = 0;
        for (var detection : Detections.all()) {
            var found = new dev.masugata.model.Finding(detection.id(), detection.severity(), "/content", 4, 9, "");
            var covered = redaction.text("KEY=value\nPORT=1", List.of(found));
            assertTrue(covered.startsWith("KEY=[masked: "), covered);
            assertTrue(rules(covered).contains("masked/written-back"), covered);
            marks++;
        }
        assertTrue(marks > 50);
    }

    @Test
    void aTextAboutMasksPasses() {
        assertEquals(List.of(), rules("Values that look like keys are masked: say so in the handbook."));
    }
}
