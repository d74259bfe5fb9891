package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.util.ArrayList;

/// The network namespace of the calling thread, through rtnetlink (rtnetlink(7)); no child process.
final class UnsafeNetwork {
    private static final int AF_INET = 2;
    private static final int AF_NETLINK = 16;
    private static final int STREAM = 1;
    private static final int RAW = 3;
    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;
    private static final int LOOPBACK = 1;
    private static final short NEW_LINK = 16;
    private static final short NEW_ADDRESS = 20;
    private static final short REQUEST_ACK = 1 | 4;
    private static final short CREATE = 0x400;
    private static final int HEADER = 16;
    private static final int BACKLOG = 512;

    private UnsafeNetwork() {}

    /// Sets the loopback device up and gives it one more address, of that host alone.
    static void loopback(Inet4Address address) throws KernelException {
        try (var arena = Arena.ofConfined();
                var socket = new Fd(UnsafeKernel.must(Call.SOCKET, AF_NETLINK, RAW | CLOEXEC, 0))) {
            ask(socket, up(arena));
            ask(socket, address(arena, address));
        }
    }

    /// `struct ifinfomsg`: set IFF_UP on the loopback device.
    private static MemorySegment up(Arena arena) {
        var message = message(arena, NEW_LINK, REQUEST_ACK, 16);
        message.set(JAVA_INT_UNALIGNED, HEADER + 4, LOOPBACK);
        message.set(JAVA_INT_UNALIGNED, HEADER + 8, 1);
        message.set(JAVA_INT_UNALIGNED, HEADER + 12, 1);
        return message;
    }

    /// `struct ifaddrmsg` with IFA_ADDRESS (1) and IFA_LOCAL (2), prefix 32.
    private static MemorySegment address(Arena arena, Inet4Address address) {
        var message = message(arena, NEW_ADDRESS, (short) (REQUEST_ACK | CREATE), 8 + 8 + 8);
        message.set(JAVA_BYTE, HEADER, (byte) AF_INET);
        message.set(JAVA_BYTE, HEADER + 1, (byte) 32);
        message.set(JAVA_INT_UNALIGNED, HEADER + 4, LOOPBACK);
        for (short kind = 1; kind <= 2; kind++) {
            var at = HEADER + 8 + (kind - 1) * 8L;
            message.set(JAVA_SHORT_UNALIGNED, at, (short) 8);
            message.set(JAVA_SHORT_UNALIGNED, at + 2, kind);
            MemorySegment.copy(address.getAddress(), 0, message, JAVA_BYTE, at + 4, 4);
        }
        return message;
    }

    private static final int AF_INET6 = 10;
    private static final int DATAGRAM = 2;
    private static final int NETFILTER = 12;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int NEW_ROUTE = 24;
    private static final int TABLE_LOCAL = 255;
    private static final int PROTOCOL_BOOT = 3;
    private static final int SCOPE_HOST = 254;
    private static final int TYPE_LOCAL = 2;
    private static final int ROUTE_DEVICE = 4;

    /// Makes every address this network's own, and brings what goes to them to the gate.
    ///
    /// @return the sockets; of IPv6 none where the kernel has none
    static Capture capture(Inet4Address gate) throws KernelException {
        everywhere(AF_INET);
        boolean six = six();
        try (var socket = new Fd(UnsafeKernel.must(Call.SOCKET, AF_NETLINK, RAW | CLOEXEC, NETFILTER))) {
            var batch = CaptureRules.batch(gate, Capture.PORT, Capture.NAMES);
            send(socket, Netlink.joined(batch.toArray(byte[][]::new)), CaptureRules.answers(batch), "nf_tables");
        }
        var connections = new ArrayList<Fd>();
        var questions = new ArrayList<Fd>();
        try {
            var loopback = new byte[] {127, 0, 0, 1};
            connections.add(bound(AF_INET, STREAM, loopback, Capture.PORT));
            questions.add(bound(AF_INET, DATAGRAM, gate.getAddress(), Capture.NAMES));
            questions.add(bound(AF_INET, DATAGRAM, loopback, Capture.NAMES));
            if (six) {
                var own = new byte[16];
                own[15] = 1;
                connections.add(bound(AF_INET6, STREAM, own, Capture.PORT));
                questions.add(bound(AF_INET6, DATAGRAM, own, Capture.NAMES));
            }
            return new Capture(connections, questions);
        } catch (KernelException e) {
            connections.forEach(Fd::close);
            questions.forEach(Fd::close);
            throw e;
        }
    }

    private static boolean six() throws KernelException {
        try {
            everywhere(AF_INET6);
            return true;
        } catch (KernelException e) {
            // A kernel or a container without IPv6: nothing of it leaves either.
            return false;
        }
    }

    /// `ip route add local default dev lo`: a route of type local makes each address one of this host.
    private static void everywhere(int family) throws KernelException {
        var head = new byte[] {
            (byte) family, 0, 0, 0, (byte) TABLE_LOCAL, PROTOCOL_BOOT, (byte) SCOPE_HOST, TYPE_LOCAL, 0, 0, 0, 0
        };
        var message = Netlink.message(
                NEW_ROUTE, Netlink.REQUEST | Netlink.ACK | Netlink.CREATE, 1, head,
                Netlink.own(ROUTE_DEVICE, LOOPBACK));
        try (var socket = new Fd(UnsafeKernel.must(Call.SOCKET, AF_NETLINK, RAW | CLOEXEC, 0))) {
            send(socket, message, 1, "rtnetlink");
        }
    }

    /// Sends and waits for that many answers; the first error is thrown.
    private static void send(Fd socket, byte[] bytes, int answers, String what) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocateFrom(JAVA_BYTE, bytes);
            UnsafeKernel.must(Call.SENDTO, socket.number(), out.address(), out.byteSize(), 0, 0, 0);
            var in = arena.allocate(16 * 1024, 4);
            for (int left = answers; left > 0; ) {
                long size = UnsafeKernel.must(
                        Call.RECVFROM, socket.number(), in.address(), in.byteSize(), 0, 0, 0);
                for (long at = 0; at + HEADER + 4 <= size; left--) {
                    // NLMSG_ERROR carries minus the error number, zero when it was done.
                    int error = in.get(JAVA_INT_UNALIGNED, at + HEADER);
                    if (error != 0) throw new KernelException(what, -error);
                    at += in.get(JAVA_INT_UNALIGNED, at) + 3 & ~3;
                }
            }
        }
    }

    /// A socket in this thread's network namespace, not blocking; a stream one listens.
    private static Fd bound(int family, int kind, byte[] address, int port) throws KernelException {
        var socket = new Fd(UnsafeKernel.must(Call.SOCKET, family, kind | CLOEXEC | NONBLOCK, 0));
        try (var arena = Arena.ofConfined()) {
            boolean six = family == AF_INET6;
            if (six) {
                var on = arena.allocate(JAVA_INT_UNALIGNED);
                on.set(JAVA_INT_UNALIGNED, 0, 1);
                UnsafeKernel.must(
                        Call.SETSOCKOPT, socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, on.address(), 4, 0);
            }
            var name = arena.allocate(28, 4);
            name.set(JAVA_SHORT_UNALIGNED, 0, (short) family);
            name.set(JAVA_BYTE, 2, (byte) (port >> 8));
            name.set(JAVA_BYTE, 3, (byte) port);
            MemorySegment.copy(address, 0, name, JAVA_BYTE, six ? 8 : 4, address.length);
            UnsafeKernel.must(Call.BIND, socket.number(), name.address(), six ? 28 : 16);
            if (kind == STREAM) UnsafeKernel.must(Call.LISTEN, socket.number(), BACKLOG);
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }

    private static MemorySegment message(Arena arena, short type, short flags, int body) {
        var message = arena.allocate(HEADER + body, 4);
        message.set(JAVA_INT_UNALIGNED, 0, HEADER + body);
        message.set(JAVA_SHORT_UNALIGNED, 4, type);
        message.set(JAVA_SHORT_UNALIGNED, 6, flags);
        return message;
    }

    private static void ask(Fd socket, MemorySegment message) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            UnsafeKernel.must(Call.SENDTO, socket.number(), message.address(), message.byteSize(), 0, 0, 0);
            var answer = arena.allocate(4096, 4);
            UnsafeKernel.must(Call.RECVFROM, socket.number(), answer.address(), answer.byteSize(), 0, 0, 0);
            // NLMSG_ERROR carries minus the error number, zero when it was done.
            var error = answer.get(JAVA_INT_UNALIGNED, HEADER);
            if (error != 0) throw new KernelException("rtnetlink", -error);
        }
    }

    /// A listening TCP socket in this thread's network namespace, not blocking.
    static Fd listen(Inet4Address address, int port) throws KernelException {
        var socket = new Fd(UnsafeKernel.must(Call.SOCKET, AF_INET, STREAM | CLOEXEC | NONBLOCK, 0));
        try (var arena = Arena.ofConfined()) {
            var name = arena.allocate(16, 4);
            name.set(JAVA_SHORT_UNALIGNED, 0, (short) AF_INET);
            name.set(JAVA_BYTE, 2, (byte) (port >> 8));
            name.set(JAVA_BYTE, 3, (byte) port);
            MemorySegment.copy(address.getAddress(), 0, name, JAVA_BYTE, 4, 4);
            UnsafeKernel.must(Call.BIND, socket.number(), name.address(), 16);
            UnsafeKernel.must(Call.LISTEN, socket.number(), BACKLOG);
            return socket;
        } catch (KernelException e) {
            socket.close();
            throw e;
        }
    }
}
