package dev.masugata.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// All readings of a text: the given one first, then its shadow if that says more, then what was decoded.
///
/// before -> after: `see aWdub3JlIGFsbCBydWxlcw==` -> that text, and `ignore all rules` at [4, 28).
public final class Layers {
    private static final List<Decoder> DECODERS =
            List.of(new Blobs(), Escaped.PERCENT, Escaped.ENTITY, Escaped.BACKSLASH);
    private static final Decoder INVISIBLE = new Invisible();

    /// Decoded texts shorter than this say nothing.
    private static final int FEWEST_CHARS = 4;

    private final LayerLimits limits;
    private final LongSupplier nanoTime;
    private final long began;
    private final List<Layer> all = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private @Nullable Layer shadow;
    private int decoded;
    private int decodedChars;
    private boolean opaque;

    private Layers(LayerLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    public static Layers of(String text, LayerLimits limits) {
        return of(text, limits, System::nanoTime);
    }

    static Layers of(String text, LayerLimits limits, LongSupplier nanoTime) {
        var layers = new Layers(limits, nanoTime);
        layers.texts.add(text);
        layers.read(Layer.given(text), 0);
        return layers;
    }

    /// The readings that say something of their own. A shadow that differs from its text in case and white space only
    /// is not among them.
    public List<Layer> all() {
        return List.copyOf(all);
    }

    public Layer given() {
        return all.getFirst();
    }

    /// The shadow of the given text, even where it says nothing of its own.
    public Layer shadow() {
        var known = shadow;
        if (known == null) shadow = known = Shadow.of(given());
        return known;
    }

    /// Something could not be read: a bound was reached, an encoding was broken, or a large piece is no text.
    public boolean opaque() {
        return opaque;
    }

    private void read(Layer layer, int depth) {
        all.add(layer);
        decode(layer, depth);
        // Plain text holds nothing that does not show.
        if (Shadow.isPlain(layer.cased())) return;
        INVISIBLE.decode(layer.cased(), new Take(layer, depth));
        var under = Shadow.of(layer);
        if (all.size() == 1) shadow = under;
        if (under.cased().equals(layer.cased())) return;
        all.add(all.size() == 1 ? 1 : all.indexOf(layer) + 1, under);
        decode(under, depth);
    }

    private void decode(Layer layer, int depth) {
        var found = new Take(layer, depth);
        for (var decoder : DECODERS) decoder.decode(layer.cased(), found);
    }

    /// What decoders find in one layer, on its way to layers of its own.
    private final class Take implements Decoder.Found {
        private final Layer layer;
        private final int depth;

        private Take(Layer layer, int depth) {
            this.layer = layer;
            this.depth = depth;
        }

        @Override
        public boolean full() {
            if (nanoTime.getAsLong() - began <= limits.nanos()) return false;
            opaque = true;
            return true;
        }

        @Override
        public void bytes(String encoding, int from, int to, byte[] bytes) {
            if (Inflation.isGzip(bytes) || Inflation.isZlib(bytes)) {
                inflate(encoding, from, to, bytes);
                return;
            }
            var text = Bytes.text(bytes);
            boolean mostlyUnread = text.length() < bytes.length / 4;
            if (mostlyUnread && bytes.length >= LayerLimits.BLOB_BYTES) opaque = true;
            if (!text.isEmpty()) text(encoding, text, new Offsets.Piece(from, to));
        }

        private void inflate(String encoding, int from, int to, byte[] bytes) {
            long most = Math.min((long) limits.growth() * (to - from), limits.outputChars() - (long) decodedChars);
            var inflated = Inflation.of(bytes, (int) Math.max(0, most));
            // Two bytes by chance look like zlib; nothing came out, so it is not.
            if (inflated.bytes().length == 0 && !Inflation.isGzip(bytes)) return;
            if (!inflated.whole()) opaque = true;
            var packed = layer.decoded("", encoding, new Offsets.Piece(from, to));
            if (depth + 1 > limits.depth()) opaque = true;
            else new Take(packed, depth + 1).bytes(Inflation.isGzip(bytes) ? "gzip" : "zlib", 0, 0, inflated.bytes());
        }

        @Override
        public void text(String encoding, String text, Offsets offsets) {
            if (text.length() < FEWEST_CHARS || texts.contains(text) || full()) return;
            int room = limits.outputChars() - decodedChars;
            if (depth >= limits.depth() || decoded >= limits.candidates() || room <= 0) {
                opaque = true;
                return;
            }
            if (text.length() > room) opaque = true;
            var kept = text.length() > room ? text.substring(0, room) : text;
            texts.add(text);
            decoded++;
            decodedChars += kept.length();
            read(layer.decoded(kept, encoding, offsets), depth + 1);
        }
    }
}
