package dev.masugata.policy;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance.Opened;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.ToolClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which hosts are opened, and what a request to one can do at worst. A rule more never closes anything.
///
/// @param rules     of the configuration
/// @param forbidden hosts that nothing opens, on any port
public record HostRules(List<HostRule> rules, List<HostRule> forbidden, SharedHosts shared) {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    public HostRules {
        rules = List.copyOf(rules);
        forbidden = List.copyOf(forbidden);
    }

    /// Where nothing is forbidden.
    public HostRules(List<HostRule> rules, SharedHosts shared) {
        this(rules, List.of(), shared);
    }

    /// How far the place is opened.
    ///
    /// @param granted what operators opened for this session beside
    public Opened opened(HttpUrl url, String method, List<HostRule> granted) {
        var best = Opened.NO;
        if (forbidden.stream().anyMatch(it -> it.isAbout(url.host()))) return best;
        for (var rule : all(granted)) {
            var opens = rule.opens(url, method, shared);
            if (opens.compareTo(best) > 0) best = opens;
        }
        return best;
    }

    /// The entry that opens it furthest, as people read it.
    public Optional<String> entry(HttpUrl url, String method, List<HostRule> granted) {
        var most = opened(url, method, granted);
        return most == Opened.NO
                ? Optional.empty()
                : all(granted).stream()
                        .filter(it -> it.opens(url, method, shared) == most)
                        .map(HostRule::text)
                        .findFirst();
    }

    /// True if the host's address may be a private one. It must be opened by a rule that says so itself.
    public boolean reachesPrivate(HttpUrl url, String method) {
        return rules.stream().anyMatch(it -> it.reachesPrivate() && it.opens(url, method, shared) != Opened.NO);
    }

    private List<HostRule> all(List<HostRule> granted) {
        if (granted.isEmpty()) return rules;
        var all = new ArrayList<>(rules);
        all.addAll(granted);
        return all;
    }

    /// What a request can do at worst: read, send, or handle credentials.
    public ToolClass toolClass(Action.HttpRequest request) {
        if (shared.handlesCredentials(request.url(), request.method())) return ToolClass.CREDENTIAL;
        boolean reads = READING.contains(request.method()) && request.body().isEmpty();
        return reads || isFetch(request) ? ToolClass.READ : ToolClass.EGRESS;
    }

    /// What git asks of a repository that it clones (gitprotocol-http, smart clients): it names objects, and changes
    /// none.
    private static boolean isFetch(Action.HttpRequest request) {
        boolean asks = request.headers().stream()
                .anyMatch(it -> it.name().equals("content-type")
                        && it.value().equals("application/x-git-upload-pack-request"));
        return request.method().equals("POST") && request.url().path().endsWith("/git-upload-pack") && asks;
    }
}
