package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;

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
