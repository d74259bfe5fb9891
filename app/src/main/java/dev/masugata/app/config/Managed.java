package dev.masugata.app.config;

import dev.masugata.policy.HostRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the owner of this machine asks of every gate on it. It only adds to what a home says, so nothing lowers it.
///
/// @param file     where it stands; empty: nobody asks anything
/// @param policies a file or directory of Cedar text that only forbids; at most one
/// @param forbid   hosts that nothing opens
/// @param separate whether somebody else must approve than the user a session is for
public record Managed(Optional<Path> file, List<Path> policies, boolean separate, List<HostRule> forbid) {
    /// Where there is no such file.
    public static final Managed NONE = new Managed(Optional.empty(), List.of(), false, List.of());

    public Managed {
        policies = List.copyOf(policies);
        forbid = List.copyOf(forbid);
    }

    /// Why an operator may not approve in a session of that user; empty if it may.
    ///
    /// @param user for whom the session is: of a run, the OS user who started it
    public Optional<String> refuses(String operator, String user) {
        if (!separate || !operator.equals(user)) return Optional.empty();
        return Optional.of("the session is for `" + user + "`, and " + file.map(Path::toString).orElse("")
                + " wants another person to approve in it; you can still deny");
    }

    /// What it asks, a line each; none where there is no such file.
    public List<String> asks() {
        var asks = new ArrayList<String>();
        for (var policy : policies) asks.add("what " + policy + " forbids is forbidden whatever a home's policy says");
        if (separate) asks.add("nobody approves in sessions of their own");
        for (var host : forbid) asks.add(host.host() + " is not reached, whatever opens it");
        if (file.isPresent() && asks.isEmpty()) asks.add("nothing");
        return asks;
    }
}
