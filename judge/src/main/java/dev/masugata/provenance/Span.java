package dev.masugata.provenance;

import dev.masugata.model.Source;
import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import java.util.List;
import java.util.Set;

/// A text that a session has seen, in the forms in which its parts are looked for.
///
/// @param number     its place in the order of what the session saw
/// @param place      where it stood in what was delivered, a JSON Pointer
/// @param suspicious inspection saw in the same delivery an attempt to instruct the agent
/// @param readings   its shadow text, then the shadows of what was decoded from it
/// @param exact      the text itself, white space single: what proves a value says it letter for letter
/// @param squashed   its letters and digits only
/// @param echoed     what the call that brought it had itself said, and nobody had said before: not proven by coming
///     back
/// @param unread     part of it could not be decoded
record Span(
        long number,
        Source source,
        String place,
        boolean suspicious,
        List<String> readings,
        String exact,
        String squashed,
        Set<String> echoed,
        boolean unread) {

    static Span of(long number, Source source, String place, boolean suspicious, String text, Set<String> echoed) {
        var layers = Layers.of(text, LayerLimits.DEFAULT);
        var readings = Forms.readings(layers);
        var squashed = Forms.squashed(readings.getFirst());
        return new Span(
                number, source, place, suspicious, readings, Forms.single(text), squashed, echoed, layers.opaque());
    }

    /// The letters of all its readings.
    long letters() {
        long letters = 0;
        for (var reading : readings) letters |= Letters.of(reading);
        return letters;
    }

    /// Its shadow text.
    String text() {
        return readings.getFirst();
    }

    /// What it costs to keep, in characters.
    int size() {
        int size = squashed.length() + exact.length();
        for (var reading : readings) size += reading.length();
        return size;
    }
}
