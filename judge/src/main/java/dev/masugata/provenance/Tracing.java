package dev.masugata.provenance;

import dev.masugata.model.Origins;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// The values of one action, traced back to what the session saw.
final class Tracing {
    /// Characters compared for one action; past it the values that are left count as from the worst source.
    static final long STEPS_MAX = 400_000_000;
    /// A longer value is a text, not a name: what stands in it is looked at, it is no destination itself.
    static final int NAME_CHARS_MAX = 512;
    /// A name that a confidential text holds, to count as carried out of it.
    static final int CARRIED_CHARS_MIN = 5;

    private final Seen seen;
    private final Proof proof;
    private final Set<String> unproven = new HashSet<>();
    private final Set<String> untrusted = new HashSet<>();
    private final Set<String> destinations = new HashSet<>();
    private final Set<String> suspicious = new HashSet<>();
    private final Set<String> confidential = new HashSet<>();
    private final Map<Long, Set<String>> addresses = new HashMap<>();
    private final List<Trail.Path> paths = new ArrayList<>();

    Tracing(Seen seen) {
        this.seen = seen;
        this.proof = new Proof(seen);
    }

    Trail of(List<Value> values) {
        long steps = 0;
        for (var value : values.subList(0, Math.min(values.size(), Value.VALUES_MAX))) {
            // Each reading and each name is looked for in all that was seen, a few times over.
            steps += (long) (value.readings().size() + value.names().size()) * seen.size();
            if (value.unread() || steps > STEPS_MAX) worst(value.place());
            else trace(value);
        }
        if (values.size() > Value.VALUES_MAX) worst("");
        int most = 0;
        for (var used : addresses.entrySet()) most = Math.max(most, seen.used(used.getKey(), used.getValue()));
        return new Trail(new Origins(unproven, untrusted, destinations, suspicious, confidential, most), paths);
    }

    /// What cannot be looked at is as bad as what the session has seen: no worse, so that a clean session can go on.
    private void worst(String place) {
        unproven.add(place);
        destinations.add(place);
        if (seen.content().hasStrangers() || seen.hidesUntrusted()) untrusted.add(place);
        if (seen.content().hasSuspicious() || seen.hidesSuspicious()) suspicious.add(place);
        if (seen.content().hasConfidential() || seen.hidesConfidential()) confidential.add(place);
        paths.add(new Trail.Path(place, "what could not be read", "", "", "unread"));
    }

    private void trace(Value value) {
        boolean proven = proof.of(value);
        if (!proven) {
            unproven.add(value.place());
            if (value.text().length() <= NAME_CHARS_MAX && Destinations.isOne(value)) destinations.add(value.place());
            strangers(value);
        }
        carried(value);
    }

    // --- untrusted ----------------------------------------------------------------------------------------------

    /// A span that holds the value, and how.
    private record Held(Span span, String how) {
        Trail.Path path(Value value) {
            return new Trail.Path(value.place(), span.source().name(), span.source().cause(), span.place(), how);
        }
    }

    private void strangers(Value value) {
        Held shown = null;
        var names = value.names();
        var strange = names.stream().filter(name -> !proof.of(name)).toList();
        var content = seen.content();
        var letters = letters(value, strange);
        // Then one span is enough: no other can show the value in a worse light, and none is counted.
        boolean one = !content.hasSuspicious() && names.stream().noneMatch(Destinations::hasForm);
        for (int at = content.next(-1, letters); at >= 0; at = content.next(at, letters)) {
            var span = content.at(at);
            if (span.source().integrity().isPositive()) continue;
            var how = how(span, value, strange);
            if (how.isEmpty()) continue;
            untrusted.add(value.place());
            if (span.suspicious()) suspicious.add(value.place());
            count(span.number(), names);
            // People are shown where it came from first, or where it came with an instruction.
            if (shown == null || span.suspicious() && !shown.span().suspicious()) shown = new Held(span, how.get());
            if (one) break;
        }
        if (seen.hidesUntrusted()) {
            untrusted.add(value.place());
            count(Seen.FORGOTTEN, names);
        }
        if (seen.hidesSuspicious()) suspicious.add(value.place());
        if (shown != null) paths.add(shown.path(value));
        else if (seen.hidesUntrusted())
            paths.add(new Trail.Path(value.place(), "what is not kept", "", "", "forgotten"));
        else paths.add(new Trail.Path(value.place(), "nobody seen", "", "", "new"));
    }

    /// Of the value, and of each name in it that is looked for by itself.
    private static long[] letters(Value value, List<String> names) {
        return LongStream.concat(Arrays.stream(value.letters()), names.stream().mapToLong(Letters::of)).toArray();
    }

    /// In which way a span holds the value, or a name inside of the value that nobody else is known to have said.
    ///
    /// @param strange these names
    private static Optional<String> how(Span span, Value value, List<String> strange) {
        var whole = Match.of(span, value);
        if (whole.isPresent()) return whole;
        for (var name : strange) if (span.text().contains(name)) return Optional.of("part");
        return Optional.empty();
    }

    private void count(long span, Set<String> names) {
        for (var name : names)
            if (Destinations.hasForm(name)) addresses.computeIfAbsent(span, _ -> new HashSet<>()).add(name);
    }

    // --- confidential ---------------------------------------------------------------------------------------------

    private void carried(Value value) {
        if (!seen.content().hasConfidential() && !seen.hidesConfidential()) return;
        // What the user said is theirs to say again.
        if (proof.isSaid(value.text())) return;
        var names = value.names().stream()
                .filter(name -> name.length() >= CARRIED_CHARS_MIN && !proof.isSaid(name))
                .toList();
        var content = seen.content();
        for (int at = 0; at < content.size(); at++) {
            var span = content.at(at);
            if (!span.source().isConfidential() || !carries(value, names, span)) continue;
            confidential.add(value.place());
            paths.add(new Held(span, "confidential").path(value));
            return;
        }
        if (!seen.hidesConfidential()) return;
        confidential.add(value.place());
        paths.add(new Trail.Path(value.place(), "what is not kept", "", "", "forgotten"));
    }

    /// True if the value is a piece of the span, or holds a name of it or some of its words in a row.
    private boolean carries(Value value, List<String> names, Span span) {
        if (names.stream().anyMatch(span.text()::contains)) return true;
        for (var reading : value.readings()) {
            boolean piece = reading.length() >= CARRIED_CHARS_MIN && span.text().contains(reading);
            if (piece && !proof.isSaid(reading) || Shingles.anyIn(reading, span.text())) return true;
        }
        return false;
    }
}
