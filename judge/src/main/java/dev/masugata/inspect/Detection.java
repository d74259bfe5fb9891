package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.util.List;
import java.util.Set;

/// One entry of the catalog: what to look for, why, and texts in which it is and is not.
///
/// @param where      file and line, for messages
/// @param id         `family/name`, the rule that its findings name
/// @param references where the matter is described
/// @param channels   on which it is looked for
/// @param keywords   one of them stands in every text that it fires on, in any case; none only for a scanner that
///                   reads every text whole
/// @param exact      case counts in the patterns
/// @param before     characters before a keyword that the pattern sees
/// @param after      characters after a keyword that the pattern sees
/// @param patterns   in RE2 syntax, alternatives; a group named `found` is what the finding covers, else all
/// @param unless     patterns; what they occur in, among what was found, is none
/// @param scanner    looks at what the pattern matched, or around a keyword; empty if there is no need
/// @param place      where its examples stand, as a JSON Pointer: the name of a member says what its value is
/// @param fires      texts in which it is found
/// @param silent     texts that look like it, in which it is not
public record Detection(
        String where,
        String id,
        String why,
        Severity severity,
        List<String> references,
        Set<Channel> channels,
        List<String> keywords,
        boolean exact,
        int before,
        int after,
        List<String> patterns,
        List<String> unless,
        String scanner,
        String place,
        List<String> fires,
        List<String> silent) {
    static final int BEFORE = 80;
    static final int AFTER = 240;

    /// Characters that one pattern may see before or after a keyword.
    static final int WINDOW_MAX = 16 * 1024;

    public Detection {
        references = List.copyOf(references);
        channels = Set.copyOf(channels);
        keywords = List.copyOf(keywords);
        patterns = List.copyOf(patterns);
        unless = List.copyOf(unless);
        fires = List.copyOf(fires);
        silent = List.copyOf(silent);
        check(where, id.matches("[a-z0-9-]+/[a-z0-9-]+"), "an id is `family/name`, in small letters");
        check(where, !why.isEmpty(), "`why` is missing");
        check(where, !channels.isEmpty(), "`channels` is empty");
        check(where, !patterns.isEmpty() || !scanner.isEmpty(), "neither `pattern` nor `scanner` is there");
        check(where, patterns.isEmpty() || !keywords.isEmpty(), "a pattern needs `keywords`: it is tried near them");
        check(where, keywords.stream().noneMatch(String::isBlank), "a keyword is empty, or white space only");
        check(where, before >= 0 && before <= WINDOW_MAX && after >= 0 && after <= WINDOW_MAX,
                "`window` is at most " + WINDOW_MAX + " each way");
        check(where, !fires.isEmpty(), "no example that `fires`");
        check(where, !silent.isEmpty(), "no example that stays `silent`");
    }

    /// The first word of its id.
    public String family() {
        return id.substring(0, id.indexOf('/'));
    }

    /// What leaves is judged by what it carries and where it goes: that it reads like an order to some model is worth a
    /// note there, no more. People write about such orders.
    Severity severityOn(Channel channel) {
        boolean noted = channel == Channel.EGRESS && family().equals("injection");
        return noted && severity.compareTo(Severity.MEDIUM) > 0 ? Severity.MEDIUM : severity;
    }

    private static void check(String where, boolean holds, String otherwise) {
        if (!holds) throw new DetectionProblem(where + ": " + otherwise);
    }
}
