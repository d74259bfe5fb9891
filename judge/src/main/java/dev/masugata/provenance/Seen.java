package dev.masugata.provenance;

import dev.masugata.model.Source;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What one session has seen, in order.
///
/// It is bounded, and what is forgotten makes values less trusted, never more: a forgotten word of the user proves
/// nothing any more; when untrusted content was forgotten, every value that is not proven counts as coming from it, and
/// what the user says from then on may be a value of it, so it proves nothing.
///
/// Not safe for several threads; [Provenance] guards it.
final class Seen {
    /// Characters kept of what others said, and of what the user and the operator said.
    static final int CONTENT_CHARS_MAX = 1_000_000;

    static final int SAID_CHARS_MAX = 256_000;
    /// Spans kept of each.
    static final int SPANS_MAX = 20_000;
    /// Addresses remembered of one span; a policy that counts has long said no.
    static final int ADDRESSES_MAX = 1_000;

    /// What two pieces of a long text share.
    static final int OVERLAP_CHARS = 512;

    /// Stands for all forgotten spans together.
    static final long FORGOTTEN = 0;

    /// Marks of texts of prompts. Two that are alike are a text that is not kept a second time under another place.
    private final java.util.Set<Long> met = new java.util.HashSet<>();
    private final int contentMax;
    private final int saidMax;
    private final Contents content = new Contents();
    private final ArrayDeque<Span> said = new ArrayDeque<>();
    private final Map<Long, Set<String>> addresses = new HashMap<>();
    private int contentChars;
    private int saidChars;
    private long numbers;
    private long untrustedForgottenAt = Long.MAX_VALUE;
    private boolean untrustedUnread;
    private boolean suspiciousForgotten;
    private boolean confidentialForgotten;

    Seen() {
        this(CONTENT_CHARS_MAX, SAID_CHARS_MAX);
    }

    /// @param contentMax characters kept of what others said
    /// @param saidMax    characters kept of what the user and the operator said
    Seen(int contentMax, int saidMax) {
        this.contentMax = contentMax;
        this.saidMax = saidMax;
    }

    void add(Source source, String place, String text, boolean suspicious, Set<String> echoed) {
        boolean own = isOwn(source);
        int most = Math.max(OVERLAP_CHARS * 2, (own ? saidMax : contentMax) / 8);
        // A long text is kept in pieces, so that forgetting its beginning does not forget its end; they overlap, so
        // that no value is cut in two.
        int at = 0;
        do {
            int end = Math.min(text.length(), at + most);
            add(Span.of(++numbers, source, place, suspicious, text.substring(at, end), echoed), own);
            at = end == text.length() ? end : end - OVERLAP_CHARS;
        } while (at < text.length());
    }

    /// True for a text of a prompt that was not met before: a conversation is sent again with each of its turns.
    boolean isNew(String text) {
        if (met.size() >= SPANS_MAX) met.clear();
        return met.add(java.util.Arrays.hashCode(text.toCharArray()) * 31L + text.length());
    }

    private void add(Span span, boolean own) {
        if (own) {
            said.addLast(span);
            saidChars += span.size();
            while (saidChars > saidMax || said.size() > SPANS_MAX) saidChars -= said.removeFirst().size();
            return;
        }
        if (span.unread()) {
            untrustedUnread |= !span.source().integrity().isPositive();
            suspiciousForgotten |= span.suspicious();
            confidentialForgotten |= span.source().isConfidential();
        }
        content.addLast(span);
        contentChars += span.size();
        while (contentChars > contentMax || content.size() > SPANS_MAX) {
            var gone = content.removeFirst();
            contentChars -= gone.size();
            forget(gone);
        }
    }

    private static boolean isOwn(Source source) {
        return switch (source.integrity()) {
            case USER, OPERATOR -> true;
            case TRUSTED, UNTRUSTED, MEMORY -> false;
        };
    }

    private void forget(Span span) {
        if (!span.source().integrity().isPositive())
            untrustedForgottenAt = Math.min(untrustedForgottenAt, span.number());
        suspiciousForgotten |= span.suspicious();
        confidentialForgotten |= span.source().isConfidential();
        var used = addresses.remove(span.number());
        if (used != null) used(FORGOTTEN, used);
    }

    /// What the record knows that the session touched, and nobody here saw: after a restart, or when a session was put
    /// aside for others.
    void forgot(Set<String> labels) {
        if (labels.contains("untrusted")) untrustedForgottenAt = Math.min(untrustedForgottenAt, ++numbers);
        suspiciousForgotten |= labels.contains("suspicious");
        confidentialForgotten |= labels.contains("secret") || labels.contains("personal");
    }

    /// What others said, oldest first.
    Contents content() {
        return content;
    }

    /// What the user and the operator said, oldest first.
    Collection<Span> said() {
        return Collections.unmodifiableCollection(said);
    }

    /// Characters kept.
    int size() {
        return contentChars + saidChars;
    }

    /// From which number on a value may have been said by untrusted content that was forgotten.
    long untrustedForgottenAt() {
        return untrustedForgottenAt;
    }

    /// True if a value that nobody is known to have said may come from untrusted content all the same.
    boolean hidesUntrusted() {
        return untrustedUnread || untrustedForgottenAt < Long.MAX_VALUE;
    }

    boolean hidesSuspicious() {
        return suspiciousForgotten;
    }

    boolean hidesConfidential() {
        return confidentialForgotten;
    }

    /// Remembers that addresses of a span are used.
    ///
    /// @return how many different ones of it are by now
    int used(long span, Set<String> more) {
        var known = addresses.computeIfAbsent(span, _ -> new HashSet<>());
        for (var address : more) if (known.size() < ADDRESSES_MAX) known.add(address);
        return known.size();
    }
}
