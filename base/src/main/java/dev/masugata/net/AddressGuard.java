package dev.masugata.net;

import java.net.InetSocketAddress;

/// Decides which addresses may be dialed. It sees each address right before the connection to exactly that address is
/// made, and again before an open connection is used for another request; a name is never resolved again in between.
/// Unix sockets have no address to ask about.
public interface AddressGuard {
    void check(InetSocketAddress address) throws Refused;

    /// An address that must not be dialed.
    final class Refused extends Exception {
        public Refused(String why) {
            super(why, null, false, false);
        }
    }
}
