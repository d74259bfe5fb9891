package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A text that comes in pieces: each piece is taken, and what is settled is given out, covered where it must be.
///
/// What was given out is at each moment the beginning of what the whole text would become, however it was split: where
/// it is looked at depends on how much has come, never on the pieces. The last [#HOLD] characters wait; longer waits
/// what may still become something that is to be covered: an encoded piece, a key between its BEGIN and its END. Past
/// [#BLOCK_MAX] the stream is cut: nothing more comes out. So it is when something shows only after its beginning went
/// out.
///
/// For one stream, used by one thread at a time.
public final class StreamReading implements TextReading {
    /// Characters that wait in ordinary text.
    static final int HOLD = 256;

    /// Characters that may wait for the end of something.
    static final int BLOCK_MAX = 16 * 1024;

    /// Characters of a stream that are read once more as a whole when it ends; past it what was seen on the way counts.
    static final int WHOLE_MAX = 256 * 1024;

    /// It is looked at whenever so many characters more have come.
    private static final int STEP = 64;

    /// What went out and is looked at again, so that what follows is read in its context.
    private static final int CONTEXT = 512;

    /// Characters of the base64 alphabet in a row that may be an encoded piece ([dev.masugata.text.Layers]).
    private static final int RUN = 24;

    private final Pipeline pipeline;
    private final Channel channel;
    private final String place;
    private final Set<String> mask;
    private final Set<String> strip;
    private final Set<String> families;
    private final Redaction redaction;

    /// What waits, and before it a little of what went out.
    private final StringBuilder near = new StringBuilder();
    /// Where in the text `near` begins.
    private int base;
    /// Where in the text what waits begins.
    private int released;
    private final StringBuilder whole = new StringBuilder();
    private final List<Finding> settled = new ArrayList<>();
    private Inspection inspection = Inspection.NOTHING;
    private boolean cut;

    /// @param mask  families whose findings are covered
    /// @param strip families whose findings are cut out
    public StreamReading(Pipeline pipeline, Channel channel, String place, Set<String> mask, Set<String> strip) {
        this.pipeline = pipeline;
        this.channel = channel;
        this.place = place;
        this.mask = Set.copyOf(mask);
        this.strip = Set.copyOf(strip);
        var all = new java.util.HashSet<>(mask);
        all.addAll(strip);
        this.families = Set.copyOf(all);
        this.redaction = Redaction.by(mask, strip);
    }

    @Override
    public String accept(String piece) {
        var out = new StringBuilder();
        for (int at = 0; at < piece.length() && !cut; ) {
            int more = Math.min(STEP - (base + near.length()) % STEP, piece.length() - at);
            near.append(piece, at, at + more);
            if (whole.length() < WHOLE_MAX) whole.append(piece, at, at + more);
            at += more;
            if ((base + near.length()) % STEP == 0) out.append(look());
        }
        return out.toString();
    }

    @Override
    public String finish() {
        if (cut) return "";
        var seen = pipeline.inspect(channel, place, near.toString());
        settle(seen.findings(), near.length());
        var last = release(near.length(), seen.findings());
        conclude(seen);
        return cut ? "" : last;
    }

    @Override
    public Inspection inspection() {
        return inspection;
    }

    @Override
    public boolean isCut() {
        return cut;
    }

    @Override
    public int released() {
        return released;
    }

    @Override
    public List<Finding> settled() {
        return List.copyOf(settled);
    }

    private String look() {
        int length = near.length();
        if (length - (released - base) <= HOLD) return "";
        var text = near.toString();
        var seen = pipeline.inspect(channel, place, text);
        int end = length - HOLD;
        end = Math.min(end, run(text));
        end = Math.min(end, pipeline.open(channel, text, families));
        end = beside(seen.findings(), end);
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) end--;
        if (end <= released - base) {
            if (length - (released - base) > BLOCK_MAX) cut = true;
            return "";
        }
        settle(seen.findings(), end);
        return release(end, seen.findings());
    }

    /// Not within what is to be covered: there, or where the first of what overlaps begins.
    private int beside(List<Finding> findings, int end) {
        int outside = end;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (var finding : findings) {
                boolean within = finding.from() < outside && (!finding.hasSpan() || finding.to() > outside);
                if (!covers(finding) || !within || outside == 0) continue;
                outside = Math.max(0, finding.from());
                moved = true;
            }
        }
        return outside;
    }

    private boolean covers(Finding finding) {
        return families.contains(finding.family());
    }

    /// Keeps what begins before `end`.
    private void settle(List<Finding> findings, int end) {
        for (var finding : findings) {
            if (!finding.hasSpan() || finding.from() >= end) {
                if (!finding.hasSpan()) settled.add(finding);
                continue;
            }
            var moved = moved(finding, base);
            boolean known = settled.stream().anyMatch(it -> it.rule().equals(moved.rule())
                    && it.hasSpan() && it.from() < moved.to() && moved.from() < it.to());
            if (!known && settled.size() < Report.WHOLE_MAX) settled.add(moved);
        }
    }

    private static Finding moved(Finding it, int by) {
        return new Finding(it.rule(), it.severity(), it.place(), it.from() + by, it.to() + by, it.fingerprint());
    }

    /// Gives out what stands before `end`, and forgets what is no longer near.
    private String release(int end, List<Finding> findings) {
        int from = released - base;
        var covering = new ArrayList<Finding>();
        for (var finding : findings) {
            if (!covers(finding) || finding.hasSpan() && (finding.from() >= end || finding.to() <= from)) continue;
            if (!finding.hasSpan() || finding.from() < from) {
                // Its beginning went out before it showed itself; or it is about all of the text.
                boolean early = settled.stream().noneMatch(it -> it.rule().equals(finding.rule())
                        && it.from() <= finding.from() + base && it.to() >= finding.to() + base && it.to() <= released);
                if (early) cut = true;
                continue;
            }
            covering.add(moved(finding, -from));
        }
        if (cut) return "";
        var out = redaction.text(near.substring(from, end), covering);
        released = base + end;
        int keep = Math.max(0, end - CONTEXT);
        if (keep > 0 && Character.isLowSurrogate(near.charAt(keep))) keep--;
        near.delete(0, keep);
        base += keep;
        return out;
    }

    /// Where a row of the base64 alphabet, over the ends of lines, begins that the text ends in.
    private static int run(String text) {
        int from = text.length();
        int count = 0;
        while (from > 0 && (isEncoding(text.charAt(from - 1)) || isBetween(text, from - 1))) {
            if (isEncoding(text.charAt(from - 1))) count++;
            from--;
        }
        return count >= RUN ? from : text.length();
    }

    private static boolean isEncoding(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
    }

    private static boolean isBetween(String text, int at) {
        char c = text.charAt(at);
        if (c == '\n' || c == '\r') return true;
        return c == ' ' && at > 0 && (text.charAt(at - 1) == '\n' || text.charAt(at - 1) == ' ');
    }

    /// What all of the text brings, where it was kept; a finding whose place went out uncovered cuts the stream.
    private void conclude(Inspection last) {
        if (whole.length() >= WHOLE_MAX) {
            inspection = new Inspection(settled, last.opaque());
            return;
        }
        inspection = pipeline.inspect(channel, place, whole.toString());
        for (var finding : inspection.findings()) {
            if (!covers(finding)) continue;
            boolean covered = settled.stream().anyMatch(it -> !it.hasSpan()
                    || covers(it) && it.from() <= finding.from() && it.to() >= finding.to());
            if (!covered) cut = true;
        }
    }
}
