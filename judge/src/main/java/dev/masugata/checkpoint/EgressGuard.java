package dev.masugata.checkpoint;

import dev.masugata.net.AddressGuard;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.function.Supplier;

/// Which addresses a request of an agent may reach, looked at where it is really connected to: public ones; private
/// ones and this machine's only where the allow list says so; what hands out a machine's rights (link-local), and the
/// gate's own listeners, never.
final class EgressGuard implements AddressGuard {
    private final boolean alsoPrivate;
    private final Supplier<Set<Integer>> ownPorts;

    /// @param ownPorts where the gate itself listens on this machine
    EgressGuard(boolean alsoPrivate, Supplier<Set<Integer>> ownPorts) {
        this.alsoPrivate = alsoPrivate;
        this.ownPorts = ownPorts;
    }

    @Override
    public void check(InetSocketAddress address) throws Refused {
        var kind = StrangerGuard.kind(address.getAddress());
        if (kind == StrangerGuard.Kind.PUBLIC) {
            // A public address may still be this machine's.
            if (isOwn(address)) throw new Refused("the gate's own listener is not reached through it");
            return;
        }
        if (kind == StrangerGuard.Kind.NEVER) throw new Refused("the address is one that is never called");
        if (!alsoPrivate)
            throw new Refused("the name stands for an address of a private network; an entry of `egress.allow` with"
                    + " `private: true` opens it");
        if (isOwn(address)) throw new Refused("the gate's own listener is not reached through it");
    }

    private boolean isOwn(InetSocketAddress address) throws Refused {
        if (!ownPorts.get().contains(address.getPort())) return false;
        if (address.getAddress().isLoopbackAddress()) return true;
        try {
            return NetworkInterface.getByInetAddress(address.getAddress()) != null;
        } catch (SocketException unknown) {
            throw new Refused("whether the address is this machine's cannot be told");
        }
    }
}
