package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// The arguments of a tool call that come in pieces. Nobody can act on a half of them, so they wait for their end, and
/// are looked at as the values that they are: what an escape hides in the text is plain in the value.
public final class ArgumentsReading implements TextReading {
    /// Characters of the arguments of one call.
    public static final int CHARS_MAX = 4 * 1024 * 1024;

    private final Pipeline pipeline;
    private final Set<String> mask;
    private final Set<String> strip;
    private final StringBuilder text = new StringBuilder();
    private Inspection inspection = Inspection.NOTHING;
    private boolean ended;
    private boolean cut;

    /// @param mask  families whose findings are covered
    /// @param strip families whose findings are cut out
    public ArgumentsReading(Pipeline pipeline, Set<String> mask, Set<String> strip) {
        this.pipeline = pipeline;
        this.mask = Set.copyOf(mask);
        this.strip = Set.copyOf(strip);
    }

    @Override
    public String accept(String piece) {
        if (text.length() + piece.length() > CHARS_MAX) cut = true;
        else text.append(piece);
        return "";
    }

    @Override
    public String finish() {
        if (cut) return "";
        ended = true;
        var all = text.toString();
        try {
            var bytes = all.getBytes(StandardCharsets.UTF_8);
            if (JsonReader.read(bytes, Limits.DEFAULT.withBytes(4 * CHARS_MAX)) instanceof Json.Obj values) {
                inspection = pipeline.inspect(Channel.EGRESS, values);
                var left = Redaction.of(values, inspection.findings(), mask, strip);
                return left == values ? all : JsonWriter.text(left);
            }
        } catch (JsonException broken) {
            // Half of a call, or what a free-form tool takes: a text like others.
            inspection = Inspection.NOTHING;
        }
        inspection = pipeline.inspect(Channel.EGRESS, "", all);
        return Redaction.by(mask, strip).text(all, inspection.findings().stream()
                .filter(it -> mask.contains(it.family()) || strip.contains(it.family())).toList());
    }

    @Override
    public int released() {
        return ended ? text.length() : 0;
    }

    @Override
    public List<Finding> settled() {
        return inspection.findings();
    }

    @Override
    public Inspection inspection() {
        return inspection;
    }

    @Override
    public boolean isCut() {
        return cut;
    }
}
