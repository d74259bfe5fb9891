package dev.masugata.checkpoint;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The permits that were given under an approval and have not come to their end: what a person who takes an approval
/// back ends. Others are not counted.
final class UnderApproval {
    private final Map<String, Set<Permit>> permits = new ConcurrentHashMap<>();

    void begin(Permit permit) {
        if (permit.approval().isEmpty()) return;
        permits.compute(permit.approval(), (_, known) -> {
            var all = known == null ? ConcurrentHashMap.<Permit>newKeySet() : known;
            all.add(permit);
            return all;
        });
    }

    void end(Permit permit) {
        if (permit.approval().isEmpty()) return;
        permits.computeIfPresent(permit.approval(), (_, known) -> {
            known.remove(permit);
            return known.isEmpty() ? null : known;
        });
    }

    boolean anyOf(String approval) {
        return permits.containsKey(approval);
    }

    void takeBack(String approval) {
        for (var permit : permits.getOrDefault(approval, Set.of())) permit.takeBack();
    }
}
