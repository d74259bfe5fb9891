package dev.masugata.credentials;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a token endpoint gave (RFC 6749 section 5.1).
///
/// @param access  the token that goes into the slot
/// @param expires when it is used no more
/// @param refresh what brings another; empty where there is none
/// @param scopes  what it is good for; those asked for where the answer does not say
record Granted(String access, Instant expires, Optional<String> refresh, List<String> scopes) {
    /// Characters of one token.
    static final int TOKEN_CHARS_MAX = 16 * 1024;
    /// A token of which nobody says how long it lives is used so long; one is never used longer than a day.
    static final Duration LIFE = Duration.ofMinutes(5);

    static final Duration LIFE_MAX = Duration.ofDays(1);
    /// A token is not used in its last seconds: it may be over when it arrives.
    static final Duration EARLY = Duration.ofSeconds(10);

    static Granted of(Json.Obj said, List<String> asked, Instant now) throws IOException {
        if (!said.string("token_type").orElse("").equalsIgnoreCase("Bearer"))
            throw new IOException("the authorization server gave a token of another type than `Bearer`");
        var access = token(said.string("access_token").orElse(""), "`access_token`");
        var refresh = said.string("refresh_token");
        if (refresh.isPresent()) token(refresh.get(), "`refresh_token`");
        long seconds = Math.clamp(said.integer("expires_in").orElse(LIFE.toSeconds()), 0, LIFE_MAX.toSeconds());
        var scopes = said.string("scope").map(Challenge::scopes).orElse(asked);
        return new Granted(access, now.plusSeconds(seconds).minus(EARLY), refresh, scopes);
    }

    private static String token(String text, String what) throws IOException {
        boolean usable = !text.isEmpty() && text.length() <= TOKEN_CHARS_MAX && text.chars()
                .allMatch(c -> c > 0x20 && c < 0x7F);
        if (!usable) throw new IOException("the authorization server gave no usable " + what);
        return text;
    }

    /// Never a token.
    @Override
    public String toString() {
        return "a token until " + expires;
    }
}
