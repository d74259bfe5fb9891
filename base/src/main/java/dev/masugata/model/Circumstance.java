package dev.masugata.model;

/// What the gate knows about how an action came and where it would go; none of it is said by the caller.
///
/// @param address    where the caller is: `sealed`, `stdio`, or its network address
/// @param toolClass  what the tool can do at worst; [ToolClass#UNCONFIRMED] where nobody confirmed it
/// @param pin        the digest of the approved definition of the tool, or empty
/// @param reviewable true if all that the target can write is the session's own workspace copy, reviewed before it counts
/// @param lent       which credential the request would leave with
/// @param opened     how far an operator has opened the host that a request goes to
public record Circumstance(
        String address, ToolClass toolClass, String pin, boolean reviewable, Lent lent, Opened opened) {
    /// How far a host is opened: not at all, for what only reads, for all.
    public enum Opened {
        NO, READ, ALL;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// Of an action that goes to no host of the network.
    public Circumstance(String address, ToolClass toolClass, String pin, boolean reviewable, Lent lent) {
        this(address, toolClass, pin, reviewable, lent, Opened.NO);
    }

    /// Of an action that leaves without a credential.
    public Circumstance(String address, ToolClass toolClass, String pin, boolean reviewable) {
        this(address, toolClass, pin, reviewable, Lent.NONE);
    }

    public static Circumstance at(String address) {
        return new Circumstance(address, ToolClass.UNCONFIRMED, "", false);
    }

    /// The same, leaving with a credential.
    public Circumstance with(Lent credential) {
        return new Circumstance(address, toolClass, pin, reviewable, credential, opened);
    }

    /// A credential by its name, never by its value, and why it is this one.
    ///
    /// @param credential empty: none is lent
    /// @param group      of the caller, for which it was chosen; empty where it is everybody's
    public record Lent(String credential, String group) {
        public static final Lent NONE = new Lent("", "");
    }
}
