package dev.masugata.ledger;

import dev.masugata.model.Event;

/// Whose events have room when others have none left.
final class Privilege {
    private static final String OPERATOR = "operator:";
    private static final String HOUSE = "masugata";

    private Privilege() {}

    static boolean isOperator(String principal) {
        return principal.startsWith(OPERATOR) && principal.length() > OPERATOR.length();
    }

    /// True for the events of operators and of the house itself.
    static boolean has(Event event) {
        return isOperator(event.principal()) || event.principal().equals(HOUSE);
    }
}
