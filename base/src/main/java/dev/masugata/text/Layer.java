package dev.masugata.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One reading of a text.
public final class Layer {
    private final String cased;
    private final boolean folded;
    private final List<String> path;
    private final Offsets offsets;
    private final @Nullable Layer parent;
    private final boolean decoded;
    private @Nullable String lower;

    private Layer(
            String cased, boolean folded, List<String> path, Offsets offsets, @Nullable Layer parent, boolean decoded) {
        this.cased = cased;
        this.folded = folded;
        this.path = path;
        this.offsets = offsets;
        this.parent = parent;
        this.decoded = decoded;
    }

    static Layer given(String text) {
        return new Layer(text, false, List.of(), new Offsets.Same(), null, false);
    }

    Layer shadow(String cased, Offsets offsets) {
        return new Layer(cased, true, more("shadow"), offsets, this, decoded);
    }

    Layer decoded(String text, String encoding, Offsets offsets) {
        return new Layer(text, false, more(encoding), offsets, this, true);
    }

    private List<String> more(String step) {
        var longer = new java.util.ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    /// What is read. Of a shadow: in lower case.
    public String text() {
        if (!folded) return cased;
        var known = lower;
        if (known == null) lower = known = Folding.lower(cased);
        return known;
    }

    /// What is read, in the case it was written in; as long as [#text()], character for character.
    public String cased() {
        return cased;
    }

    /// How it was come to: nothing for the text itself, `[base64, gzip]`, `[tags, shadow]`.
    public List<String> path() {
        return path;
    }

    /// True if it stood in the text as an encoding.
    public boolean decoded() {
        return decoded;
    }

    /// True if this is the other one as its reader may take it.
    public boolean isShadowOf(Layer other) {
        return folded && parent == other;
    }

    /// Where what begins at `from` of this layer begins in the text that was given; for a decoded piece, where the
    /// piece begins.
    public int originalFrom(int from) {
        int above = offsets.from(from);
        return parent == null ? above : parent.originalFrom(above);
    }

    /// Where what ends at `to` of this layer, exclusive, ends in the text that was given; for a decoded piece, where
    /// the piece ends.
    public int originalTo(int to) {
        int above = offsets.to(to);
        return parent == null ? above : parent.originalTo(above);
    }

    @Override
    public String toString() {
        return path + " " + cased.length() + " characters";
    }
}
