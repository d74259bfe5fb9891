package dev.masugata.model;

/// What the gate knows about how an action came and where it would go; none of it is said by the caller.
///
/// @param address    where the caller is: `sealed`, `stdio`, or its network address
/// @param toolClass  what the tool can do at worst; [ToolClass#UNCONFIRMED] where nobody confirmed it
/// @param pin        the digest of the approved definition of the tool, or empty
/// @param reviewable true if all that the target can write is the session's own workspace copy, reviewed before it counts
public record Circumstance(String address, ToolClass toolClass, String pin, boolean reviewable) {
    public static Circumstance at(String address) {
        return new Circumstance(address, ToolClass.UNCONFIRMED, "", false);
    }
}
