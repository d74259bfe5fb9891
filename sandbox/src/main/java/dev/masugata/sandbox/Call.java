package dev.masugata.sandbox;

import java.util.Locale;

/// System calls by number, for x86_64 and aarch64 (Linux `asm/unistd.h`). `NONE` where an architecture lacks it.
///
/// The seccomp filter and our own calls read the same table, so a wrong number shows in both.
enum Call {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    SOCKET(41, 198),
    SENDTO(44, 206),
    RECVFROM(45, 207),
    BIND(49, 200),
    LISTEN(50, 201),
    ACCEPT4(288, 242),
    SETSOCKOPT(54, 208),
    CLONE(56, 220),
    FCNTL(72, 25),
    WAIT4(61, 260),
    KILL(62, 129),
    FCHMOD(91, 52),
    FCHOWN(93, 55),
    GETEUID(107, 175),
    GETPGID(121, 155),
    GETEGID(108, 177),
    PRCTL(157, 167),
    FSETXATTR(190, 7),
    FGETXATTR(193, 10),
    FLISTXATTR(196, 13),
    GETDENTS64(217, 61),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    EPOLL_CTL(233, 21),
    EPOLL_PWAIT(281, 22),
    EPOLL_CREATE1(291, 20),
    PIPE2(293, 59),
    NAME_TO_HANDLE_AT(303, 264),
    SYNCFS(306, 267),
    RENAMEAT2(316, 276),
    SECCOMP(317, 277),
    MEMFD_CREATE(319, 279),
    STATX(332, 291),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_OPEN(434, 434),
    OPENAT2(437, 437),
    LANDLOCK_CREATE_RULESET(444, 444),

    // What nothing inside a seal may call; the gate itself uses some of them.
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    UNSHARE(272, 97),
    SETNS(308, 268),
    CLONE3(435, 435),
    CHROOT(161, 51),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    OPEN_TREE_ATTR(467, 467),
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    PROCESS_MADVISE(440, 440),
    KCMP(312, 272),
    PIDFD_GETFD(438, 438),
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    USERFAULTFD(323, 282),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    KEYCTL(250, 219),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    OPEN_BY_HANDLE_AT(304, 265),
    PERSONALITY(135, 92),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    REBOOT(169, 142),
    ACCT(163, 89),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443, 443),
    SYSLOG(103, 116),
    FANOTIFY_INIT(300, 262),
    LOOKUP_DCOOKIE(212, 18),
    NFSSERVCTL(180, 42),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    CLOCK_ADJTIME(305, 266),
    ADJTIMEX(159, 171),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    VHANGUP(153, 58),
    MOVE_PAGES(279, 239),
    MIGRATE_PAGES(256, 238),
    LSM_SET_SELF_ATTR(460, 460),
    IOPL(172, Call.NONE),
    IOPERM(173, Call.NONE),
    MODIFY_LDT(154, Call.NONE),
    USELIB(134, Call.NONE),
    USTAT(136, Call.NONE),
    SYSFS(139, Call.NONE),
    SYSCTL(156, Call.NONE),
    CREATE_MODULE(174, Call.NONE),
    GET_KERNEL_SYMS(177, Call.NONE),
    QUERY_MODULE(178, Call.NONE);

    static final int NONE = -1;

    private final int x86;
    private final int arm;

    Call(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    /// Its number on an architecture, or [#NONE].
    int on(Arch arch) {
        return switch (arch) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The processor architectures that a seal knows.
    enum Arch {
        X86_64(0xC000003E),
        AARCH64(0xC00000B7);

        /// `AUDIT_ARCH_...` (linux/audit.h): what a seccomp filter sees.
        final int audit;

        Arch(int audit) {
            this.audit = audit;
        }

        /// That of this machine.
        static Arch here() {
            return switch (System.getProperty("os.arch")) {
                case "amd64", "x86_64" -> X86_64;
                case "aarch64" -> AARCH64;
                case String other ->
                    throw new UnsupportedOperationException("no seal for the processor `" + other + "`");
            };
        }
    }
}
