package dev.masugata.app.config;

import dev.masugata.credentials.Identity;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Reads `identity`: whose signed tokens open the gates, and for which agent.
final class IdentitySection {
    private IdentitySection() {}

    static List<Identity.Provider> read(Section top) {
        var providers = new ArrayList<Identity.Provider>();
        var seen = new HashSet<String>();
        for (var entry : top.sections("identity")) {
            var issuer = entry.parsed("issuer", "the `https` URL of an identity provider", IdentitySection::issuer);
            var audience = entry.text("audience");
            var agent = entry.parsed("agent", "the id of the agent that acts for its users: 1 to 64 letters, digits,"
                    + " `.`, `_` or `-`", it -> it.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}")
                            && !it.startsWith("masugata") ? Optional.of(it) : Optional.empty());
            var user = entry.text("user").orElse("sub");
            var groups = entry.text("groups").orElse("groups");
            for (var needed : List.of("issuer", "audience", "agent"))
                if (!entry.names().contains(needed))
                    entry.problem(null, "a provider of `identity` needs `" + needed + "`");
            if (issuer.isPresent() && audience.isPresent() && agent.isPresent()) {
                if (!seen.add(issuer.get() + " " + audience.get()))
                    entry.problemAt("issuer", "another entry has this issuer and audience");
                providers.add(new Identity.Provider(issuer.get(), audience.get(), agent.get(), user, groups));
            }
            entry.done();
        }
        return providers;
    }

    /// Plain `http` only on this machine itself.
    private static Optional<URI> issuer(String text) {
        try {
            var it = URI.create(text);
            var host = String.valueOf(it.getHost());
            boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
            boolean safe = "https".equals(it.getScheme()) || "http".equals(it.getScheme()) && here;
            return safe && it.getHost() != null && it.getRawUserInfo() == null && it.getRawQuery() == null
                    && it.getRawFragment() == null ? Optional.of(it) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
