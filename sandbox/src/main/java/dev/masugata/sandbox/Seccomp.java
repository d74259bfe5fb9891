package dev.masugata.sandbox;

import static dev.masugata.sandbox.Call.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The system call filter of every seal, as a classic BPF program for `bwrap --seccomp` (linux/seccomp.h).
///
/// A deny list: what reaches kernel parts that a sealed process has no business with answers EPERM, so that programs
/// fail readably. Calls of another architecture (i386, x32, arm) end the process, since their numbers mean other calls.
final class Seccomp {
    private static final int KILL = 0x80000000;
    private static final int ALLOW = 0x7fff0000;
    private static final int ERRNO = 0x00050000;

    private static final int LOAD = 0x20;
    private static final int RETURN = 0x06;
    private static final int EQUAL = 0x15;
    private static final int AT_LEAST = 0x35;
    private static final int ANY_BIT = 0x45;

    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int X32 = 0x40000000;

    /// Every `CLONE_NEW...` flag that clone(2) takes.
    private static final int NAMESPACES = 0x7e020000;
    /// `TIOCSTI` types into a terminal, `TIOCLINUX` pastes into a console.
    private static final List<Integer> TYPING = List.of(0x5412, 0x541c);
    /// AF_UNIX, AF_INET, AF_INET6.
    private static final List<Integer> FAMILIES = List.of(1, 2, 10);
    /// Default, 32-bit look, old `uname`, without address randomization (debuggers, sanitizers), and asking.
    private static final List<Integer> PERSONALITIES = List.of(0, 8, 0x20000, 0x20008, 0x40000, 0xffffffff);

    private static final List<Call> DENIED = List.of(
            // mounts and namespaces
            MOUNT,
            UMOUNT2,
            PIVOT_ROOT,
            CHROOT,
            UNSHARE,
            SETNS,
            OPEN_TREE,
            OPEN_TREE_ATTR,
            MOVE_MOUNT,
            FSOPEN,
            FSCONFIG,
            FSMOUNT,
            FSPICK,
            MOUNT_SETATTR,
            OPEN_BY_HANDLE_AT,
            LSM_SET_SELF_ATTR,
            // other processes
            PTRACE,
            PROCESS_VM_READV,
            PROCESS_VM_WRITEV,
            PROCESS_MADVISE,
            KCMP,
            PIDFD_GETFD,
            MOVE_PAGES,
            MIGRATE_PAGES,
            // parts of the kernel with a history of holes, and keys that are not bound to a namespace
            BPF,
            PERF_EVENT_OPEN,
            USERFAULTFD,
            IO_URING_SETUP,
            IO_URING_ENTER,
            IO_URING_REGISTER,
            KEYCTL,
            ADD_KEY,
            REQUEST_KEY,
            FANOTIFY_INIT,
            LOOKUP_DCOOKIE,
            NFSSERVCTL,
            MODIFY_LDT,
            USELIB,
            USTAT,
            SYSFS,
            SYSCTL,
            // the machine itself
            KEXEC_LOAD,
            KEXEC_FILE_LOAD,
            INIT_MODULE,
            FINIT_MODULE,
            DELETE_MODULE,
            CREATE_MODULE,
            GET_KERNEL_SYMS,
            QUERY_MODULE,
            SWAPON,
            SWAPOFF,
            REBOOT,
            ACCT,
            QUOTACTL,
            QUOTACTL_FD,
            SYSLOG,
            SETTIMEOFDAY,
            CLOCK_SETTIME,
            CLOCK_ADJTIME,
            ADJTIMEX,
            SETHOSTNAME,
            SETDOMAINNAME,
            VHANGUP,
            IOPL,
            IOPERM);

    private final Call.Arch arch;
    private final List<long[]> program = new ArrayList<>();

    private Seccomp(Call.Arch arch) {
        this.arch = arch;
    }

    /// The numbers of the calls that answer EPERM whatever their arguments.
    static List<Integer> denied(Call.Arch arch) {
        return DENIED.stream()
                .map(call -> call.on(arch))
                .filter(number -> number != Call.NONE)
                .toList();
    }

    /// The program for an architecture, as the kernel reads it.
    static byte[] program(Call.Arch arch) {
        var filter = new Seccomp(arch);
        filter.architecture();
        DENIED.forEach(call -> filter.answer(call, KernelException.EPERM));
        // Its flags lie behind a pointer that a filter cannot read. The C library then uses clone(2).
        filter.answer(CLONE3, KernelException.ENOSYS);
        filter.namespaces();
        filter.typing();
        filter.families();
        filter.personalities();
        filter.add(RETURN, ALLOW);
        return filter.bytes();
    }

    private void architecture() {
        add(LOAD, ARCHITECTURE);
        add(EQUAL, arch.audit, 1, 0);
        add(RETURN, KILL);
        add(LOAD, NUMBER);
        if (arch == Call.Arch.X86_64) {
            add(AT_LEAST, X32, 0, 1);
            add(RETURN, KILL);
        }
    }

    private void answer(Call call, int errno) {
        if (call.on(arch) == Call.NONE) return;
        add(EQUAL, call.on(arch), 0, 1);
        add(RETURN, ERRNO | errno);
    }

    private void namespaces() {
        add(EQUAL, CLONE.on(arch), 0, 4);
        add(LOAD, argument(0));
        add(ANY_BIT, NAMESPACES, 0, 1);
        add(RETURN, ERRNO | KernelException.EPERM);
        add(RETURN, ALLOW);
    }

    private void typing() {
        add(EQUAL, IOCTL.on(arch), 0, 2 + 2 * TYPING.size());
        add(LOAD, argument(1));
        for (var command : TYPING) {
            add(EQUAL, command, 0, 1);
            add(RETURN, ERRNO | KernelException.EPERM);
        }
        add(RETURN, ALLOW);
    }

    private void families() {
        add(EQUAL, SOCKET.on(arch), 0, 2 + 2 * FAMILIES.size());
        add(LOAD, argument(0));
        for (var family : FAMILIES) {
            add(EQUAL, family, 0, 1);
            add(RETURN, ALLOW);
        }
        add(RETURN, ERRNO | KernelException.EPERM);
    }

    private void personalities() {
        add(EQUAL, PERSONALITY.on(arch), 0, 2 + 2 * PERSONALITIES.size());
        add(LOAD, argument(0));
        for (var one : PERSONALITIES) {
            add(EQUAL, one, 0, 1);
            add(RETURN, ALLOW);
        }
        add(RETURN, ERRNO | KernelException.EPERM);
    }

    /// Where the low half of an argument stands in `struct seccomp_data` (both architectures are little-endian).
    private static int argument(int index) {
        return 16 + 8 * index;
    }

    private void add(int code, int value) {
        add(code, value, 0, 0);
    }

    private void add(int code, int value, int yes, int no) {
        program.add(new long[] {code, value, yes, no});
    }

    private byte[] bytes() {
        var out = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (var one : program)
            out.putShort((short) one[0]).put((byte) one[2]).put((byte) one[3]).putInt((int) one[1]);
        return out.array();
    }
}
