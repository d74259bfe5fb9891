package dev.masugata.checkpoint;

import dev.masugata.checkpoint.ModelStream.Cut;
import dev.masugata.checkpoint.ModelStream.Orders;
import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.TextReading;
import java.util.ArrayDeque;

/// One text of a model's answer, over all the events that bring a piece of it.
final class ModelText {
    /// Characters of a text that the record keeps.
    static final int KEPT_MAX = 256 * 1024;

    private final TextReading reading;
    private final Orders orders;
    private final StringBuilder kept = new StringBuilder();
    /// What came and is not settled, and where in the text it begins.
    private final StringBuilder raw = new StringBuilder();
    private int rawFrom;
    private int came;
    private boolean ended;
    private final ArrayDeque<Stretch> covered = new ArrayDeque<>();

    /// What a part of what came has become, where it is not what came.
    private record Stretch(int from, int to, String text) {}

    private final boolean call;

    /// @param call it is arguments of a tool call
    ModelText(TextReading reading, Orders orders, boolean call) {
        this.reading = reading;
        this.orders = orders;
        this.call = call;
    }

    boolean isCall() {
        return call;
    }

    /// @return where in the text the piece ends
    int accept(String piece) throws Cut {
        if (ended && !piece.isEmpty()) throw new Cut("model/after-end",
                "the provider goes on with a text that has ended");
        came += piece.length();
        raw.append(piece);
        if (!ended) settle(reading.released(), reading.accept(piece));
        return came;
    }

    void finish() throws Cut {
        if (ended) return;
        ended = true;
        settle(reading.released(), reading.finish());
    }

    private void settle(int before, String text) throws Cut {
        if (reading.isCut()) throw new Cut("model/late", "what may not be shown has begun to be shown");
        for (var finding : reading.settled())
            if (orders.deny().contains(finding.family()))
                throw new Cut(finding.rule(), "policy does not let it be shown");
        int now = reading.released();
        if (!text.contentEquals(raw.subSequence(0, now - rawFrom))) covered.add(new Stretch(before, now, text));
        raw.delete(0, now - rawFrom);
        rawFrom = now;
        if (kept.length() < KEPT_MAX) kept.append(text);
    }

    boolean isSettled(int to) {
        return to <= reading.released();
    }

    /// What a settled piece has become. What covers something stands where it begins; the pieces after it lose their
    /// part.
    String shown(String piece, int to) {
        int from = to - piece.length();
        while (!covered.isEmpty() && covered.peek().to() <= from) covered.remove();
        if (covered.isEmpty() || covered.peek().from() >= to) return piece;
        var shown = new StringBuilder();
        int at = from;
        for (var stretch : covered) {
            if (stretch.from() >= to) break;
            if (stretch.from() > at) shown.append(piece, at - from, stretch.from() - from);
            if (stretch.from() >= from) shown.append(stretch.text());
            at = Math.min(stretch.to(), to);
        }
        return shown.append(piece, at - from, piece.length()).toString();
    }

    /// After [#finish()].
    Inspection inspection() {
        return ended ? reading.inspection() : new Inspection(reading.settled(), java.util.Set.of());
    }

    /// What has been settled of it, for the record.
    String kept() {
        return kept.toString();
    }
}
