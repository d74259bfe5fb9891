package dev.masugata.net;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// A listening socket that Java knows nothing of, on 127.0.0.1.
final class UnsafeListeningSocket {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;

    private UnsafeListeningSocket() {}

    static int open(boolean blocking) throws Throwable {
        var three = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        int fd = (int) call("socket", three).invokeExact(AF_INET, SOCK_STREAM | (blocking ? 0 : SOCK_NONBLOCK), 0);
        if (fd < 0) throw new AssertionError("socket() failed");
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(16);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(ValueLayout.JAVA_INT, 4, Integer.reverseBytes(0x7F000001));
            var bind = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            if ((int) call("bind", bind).invokeExact(fd, address, 16) != 0) throw new AssertionError("bind() failed");
        }
        var two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        if ((int) call("listen", two).invokeExact(fd, 16) != 0) throw new AssertionError("listen() failed");
        return fd;
    }

    private static java.lang.invoke.MethodHandle call(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), shape);
    }
}
