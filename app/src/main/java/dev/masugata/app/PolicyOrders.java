package dev.masugata.app;

import dev.masugata.model.Principal;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.wire.Json;

/// Brings what the policy files say now into force.
final class PolicyOrders {
    private final House house;

    PolicyOrders(House house) {
        this.house = house;
    }

    Json.Obj load(Principal.Operator operator) throws Refused {
        reload(operator);
        return Json.object("digest", house.policy.get().digest());
    }

    void reload(Principal.Operator operator) throws Refused {
        try {
            house.policy.load(operator);
        } catch (PolicyProblem.Invalid invalid) {
            throw new Refused(1, "the policy in force stays as it was:\n" + invalid.getMessage());
        }
    }
}
