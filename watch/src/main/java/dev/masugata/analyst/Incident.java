package dev.masugata.analyst;

import dev.masugata.ledger.Entry;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Recognises a question about what happened in a session.
public final class Incident {
    private static final Pattern ASKED = Pattern.compile(
            "(?i)^\\s*(?:what\\s+happened(?:\\s+(?:in|with|to))?|investigate|explain"
                    + "|what\\s+went\\s+wrong(?:\\s+(?:in|with))?)"
                    + "\\s*(?:the\\s+)?(?:session\\s+)?(\\S*?)\\s*[?.]?\\s*$"
                    + "|^\\s*(?:セッション\\s*)?(\\S*?)\\s*(?:では|で|に)?"
                    + "(?:何が(?:起きた|起こった|あった)(?:の|か|のか|のですか|んですか)?"
                    + "|(?:を|について)?調査(?:して)?(?:ください)?"
                    + "|を調べて(?:ください)?)\\s*[?？。]?\\s*$");

    private Incident() {}

    /// @return empty: the question is about something else; else the session as it was written, perhaps empty
    public static Optional<String> of(String question) {
        var asked = ASKED.matcher(question);
        if (!asked.matches()) return Optional.empty();
        return Optional.of(asked.group(1) != null ? asked.group(1) : asked.group(2));
    }

    /// The session of the record that is meant: of a unique prefix, or the latest where none is named.
    ///
    /// @return empty: there is none, or more than one
    public static Optional<String> session(String written, List<Entry> entries) {
        var known = entries.stream().map(it -> it.event().session()).filter(it -> !it.isEmpty()).distinct().toList();
        if (written.isEmpty()) return known.isEmpty() ? Optional.empty() : Optional.of(known.getLast());
        if (known.contains(written)) return Optional.of(written);
        var some = known.stream().filter(it -> it.startsWith(written)).toList();
        return some.size() == 1 ? Optional.of(some.getFirst()) : Optional.empty();
    }
}
