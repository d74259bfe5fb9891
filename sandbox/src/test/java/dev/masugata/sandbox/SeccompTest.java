package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The filter for each architecture, run by a small interpreter of its instructions: also for those we are not on.
class SeccompTest {
    private static final long ALLOW = 0x7fff0000L;
    private static final long KILL = 0x80000000L;
    private static final long EPERM = 0x00050001L;
    private static final long ENOSYS = 0x00050026L;

    private static long judge(Call.Arch arch, int audit, int number, long... arguments) {
        var data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, audit);
        for (int i = 0; i < arguments.length; i++) data.putLong(16 + 8 * i, arguments[i]);
        var program = ByteBuffer.wrap(Seccomp.program(arch)).order(ByteOrder.LITTLE_ENDIAN);
        int loaded = 0;
        for (int at = 0; ; at++) {
            var code = program.getShort(8 * at);
            var yes = program.get(8 * at + 2) & 0xff;
            var no = program.get(8 * at + 3) & 0xff;
            var value = program.getInt(8 * at + 4);
            switch (code) {
                case 0x20 -> loaded = data.getInt(value);
                case 0x06 -> {
                    return Integer.toUnsignedLong(value);
                }
                case 0x15 -> at += loaded == value ? yes : no;
                case 0x35 -> at += Integer.compareUnsigned(loaded, value) >= 0 ? yes : no;
                case 0x45 -> at += (loaded & value) != 0 ? yes : no;
                default -> throw new AssertionError("an instruction that the filter does not use: " + code);
            }
        }
    }

    private static long judge(Call.Arch arch, Call call, long... arguments) {
        return judge(arch, arch.audit, call.on(arch), arguments);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDeniedIsDenied(Call.Arch arch) {
        for (var number : Seccomp.denied(arch)) assertEquals(EPERM, judge(arch, arch.audit, number), "call " + number);
        assertEquals(ENOSYS, judge(arch, Call.CLONE3));
        for (var call : List.of(
                Call.MOUNT,
                Call.UNSHARE,
                Call.SETNS,
                Call.PTRACE,
                Call.BPF,
                Call.KEYCTL,
                Call.IO_URING_SETUP,
                Call.PIVOT_ROOT,
                Call.OPEN_BY_HANDLE_AT,
                Call.PIDFD_GETFD,
                Call.KCMP,
                Call.USERFAULTFD,
                Call.PERF_EVENT_OPEN)) assertEquals(EPERM, judge(arch, call), call.word());
    }

    @ParameterizedTest
    @EnumSource
    void whatProgramsNeedIsAllowed(Call.Arch arch) {
        for (var call : List.of(
                Call.READ,
                Call.WRITE,
                Call.OPENAT,
                Call.OPENAT2,
                Call.WAIT4,
                Call.KILL,
                Call.EPOLL_CREATE1,
                Call.MEMFD_CREATE,
                Call.PIDFD_OPEN,
                Call.PRCTL,
                Call.SECCOMP,
                Call.BIND,
                Call.LISTEN)) assertEquals(ALLOW, judge(arch, call), call.word());
    }

    @ParameterizedTest
    @EnumSource
    void argumentsThatDecide(Call.Arch arch) {
        assertEquals(ALLOW, judge(arch, Call.CLONE, 0x01200011));
        assertEquals(ALLOW, judge(arch, Call.CLONE, 0x003d0f00));
        for (var flag : new long[] {0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000})
            assertEquals(EPERM, judge(arch, Call.CLONE, 0x11 | flag), Long.toHexString(flag));
        assertEquals(ALLOW, judge(arch, Call.IOCTL, 0, 0x5413));
        assertEquals(EPERM, judge(arch, Call.IOCTL, 0, 0x5412));
        // The kernel takes the low half of the request alone.
        assertEquals(EPERM, judge(arch, Call.IOCTL, 0, 0xffffffff_00005412L));
        assertEquals(EPERM, judge(arch, Call.IOCTL, 0, 0x541c));
        for (var family : new long[] {1, 2, 10}) assertEquals(ALLOW, judge(arch, Call.SOCKET, family));
        for (var family : new long[] {0, 3, 15, 16, 17, 38, 40, 44})
            assertEquals(EPERM, judge(arch, Call.SOCKET, family));
        for (var persona : new long[] {0, 8, 0xffffffffL}) assertEquals(ALLOW, judge(arch, Call.PERSONALITY, persona));
        assertEquals(EPERM, judge(arch, Call.PERSONALITY, 0x0400000));
    }

    @ParameterizedTest
    @EnumSource
    void callsOfOtherArchitecturesEndTheProcess(Call.Arch arch) {
        for (var other : new int[] {0x40000003, 0x40000028, 0, Call.Arch.values()[1 - arch.ordinal()].audit})
            assertEquals(KILL, judge(arch, other, Call.READ.on(arch)));
        if (arch == Call.Arch.X86_64) assertEquals(KILL, judge(arch, arch.audit, 0x40000000 + 39));
        assertTrue(Seccomp.program(arch).length / 8 < 4096, "the kernel takes at most 4096 instructions");
    }
}
