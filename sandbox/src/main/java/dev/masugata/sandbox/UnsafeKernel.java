package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// System calls of Linux, all through one downcall of `syscall(2)`: linking a handle costs more than any call.
///
/// Danger: a wrong number, size or pointer here corrupts the process. Everything else in this room calls the
/// typed methods of the `Unsafe...` files, never this one with pointers of its own.
final class UnsafeKernel {
    static final Call.Arch ARCH = Call.Arch.here();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private UnsafeKernel() {}

    /// The result, or minus the error number. The segments behind pointers must outlive the call.
    static long raw(Call call, long a, long b, long c, long d, long e, long f) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            var result = (long) SYSCALL.invokeExact(state, (long) call.on(ARCH), a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
        } catch (Throwable broken) {
            throw new IllegalStateException("the call " + call.word() + " could not be made", broken);
        }
    }

    /// The result; an interrupted call is made again.
    static long must(Call call, long a, long b, long c, long d, long e, long f) throws KernelException {
        while (true) {
            var result = raw(call, a, b, c, d, e, f);
            if (result >= 0) return result;
            if (result != -KernelException.EINTR) throw new KernelException(call.word(), (int) -result);
        }
    }

    static long must(Call call, long a, long b, long c, long d) throws KernelException {
        return must(call, a, b, c, d, 0, 0);
    }

    static long must(Call call, long a, long b, long c) throws KernelException {
        return must(call, a, b, c, 0, 0, 0);
    }

    static long must(Call call, long a, long b) throws KernelException {
        return must(call, a, b, 0, 0, 0, 0);
    }

    static long must(Call call, long a) throws KernelException {
        return must(call, a, 0, 0, 0, 0, 0);
    }

    /// A C string. A zero byte inside would cut it short, so it is refused.
    static long text(Arena arena, byte[] bytes) {
        for (var one : bytes) if (one == 0) throw new IllegalArgumentException("a zero byte in a path or argument");
        var segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment.address();
    }

    static long text(Arena arena, String ascii) {
        return text(arena, ascii.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static int effectiveUser() {
        return (int) raw(Call.GETEUID, 0, 0, 0, 0, 0, 0);
    }

    static int effectiveGroup() {
        return (int) raw(Call.GETEGID, 0, 0, 0, 0, 0, 0);
    }
}
