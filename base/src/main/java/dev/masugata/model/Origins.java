package dev.masugata.model;

import java.util.Set;

/// Where the values of an action come from, as far as the gate itself saw them: places are JSON Pointers (RFC 6901)
/// into the action's arguments.
///
/// Each set can only make a decision stricter when it grows. Nothing here says that a value is good: what is missing
/// from `unproven` was seen in what the user typed, the operator configured or a trusted tool answered.
///
/// @param unproven     values with no positive origin: neither the user, the operator nor a trusted tool said them
/// @param untrusted    values that stood in untrusted content and have no positive origin
/// @param destinations unproven values that say where something goes: addresses, URLs, hosts, accounts
/// @param suspicious   values that stood in content in which inspection saw an attempt to instruct the agent
/// @param confidential values that carry what a secret or personal source said
/// @param addresses    how many different addresses of one untrusted origin the session has used, with this action
public record Origins(
        Set<String> unproven,
        Set<String> untrusted,
        Set<String> destinations,
        Set<String> suspicious,
        Set<String> confidential,
        int addresses) {
    public static final Origins NONE = new Origins(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), 0);

    public Origins {
        unproven = Set.copyOf(unproven);
        untrusted = Set.copyOf(untrusted);
        destinations = Set.copyOf(destinations);
        suspicious = Set.copyOf(suspicious);
        confidential = Set.copyOf(confidential);
        if (addresses < 0) throw new IllegalArgumentException("addresses are counted from 0");
    }
}
