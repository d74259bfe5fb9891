package dev.masugata.net;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A bound UDP socket that Java knows nothing of, on 127.0.0.1.
record UnsafeDatagramSocket(int number, int port) {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;

    static UnsafeDatagramSocket bound() throws Exception {
        try (var arena = Arena.ofConfined()) {
            var three = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            int fd = (int) call("socket", three).invokeExact(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
            var address = arena.allocate(16);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(ValueLayout.JAVA_INT, 4, Integer.reverseBytes(0x7F000001));
            var bind = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            if (fd < 0 || (int) call("bind", bind).invokeExact(fd, address, 16) != 0)
                throw new AssertionError("bind() failed");
            var length = arena.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, 16);
            var name = FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            if ((int) call("getsockname", name).invokeExact(fd, address, length) != 0)
                throw new AssertionError("getsockname() failed");
            int high = address.get(ValueLayout.JAVA_BYTE, 2) & 0xFF;
            return new UnsafeDatagramSocket(fd, high << 8 | address.get(ValueLayout.JAVA_BYTE, 3) & 0xFF);
        } catch (Exception | Error failed) {
            throw failed;
        } catch (Throwable failed) {
            throw new AssertionError(failed);
        }
    }

    private static MethodHandle call(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), shape);
    }
}
