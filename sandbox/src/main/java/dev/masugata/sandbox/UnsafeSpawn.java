package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts a process from the calling thread, in that thread's namespaces, with exactly the descriptors named.
///
/// Through `posix_spawn(3)` of glibc 2.34 or newer and not through `ProcessBuilder`: this one hands over chosen
/// descriptors, begins a terminal session of its own, and resets the signals that a JVM blocks.
final class UnsafeSpawn {
    private static final int OPAQUE = 1024;
    private static final int SIGNALS = 128;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SPAWN = link("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS = link("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle DUP = link("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle FORGET = link("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle ATTRIBUTES = link("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle FLAGS = link("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final MethodHandle DEFAULTS = link("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
    private static final MethodHandle MASK = link("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    private static final Optional<MethodHandle> CLOSE_FROM = Optional.of("posix_spawn_file_actions_addclosefrom_np")
            .filter(name -> LINKER.defaultLookup().find(name).isPresent())
            .map(name -> link(name, ADDRESS, JAVA_INT));

    private UnsafeSpawn() {}

    private static MethodHandle link(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /// Whether the C library can close everything else in the child; without that nothing is started.
    static boolean available() {
        return CLOSE_FROM.isPresent();
    }

    /// Starts a program by its absolute path.
    ///
    /// @param descriptors becomes 0, 1, 2 and so on in the child; all others are closed there
    /// @return the process id; the caller must wait for it
    static int start(List<String> command, Map<String, String> environment, List<Integer> descriptors)
            throws KernelException {
        var closeFrom = CLOSE_FROM.orElseThrow(() -> new KernelException("posix_spawn", KernelException.ENOSYS));
        try (var arena = Arena.ofConfined()) {
            var actions = actions(arena, descriptors);
            check((int) closeFrom.invokeExact(actions, descriptors.size()));
            var pid = arena.allocate(JAVA_INT);
            var environ = environment.entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .toList();
            var path = MemorySegment.ofAddress(UnsafeKernel.text(arena, command.getFirst()));
            var error = (int) SPAWN.invokeExact(
                    pid, path, actions, attributes(arena), strings(arena, command), strings(arena, environ));
            check((int) FORGET.invokeExact(actions));
            check(error);
            return pid.get(JAVA_INT, 0);
        } catch (KernelException e) {
            throw e;
        } catch (Throwable broken) {
            throw new IllegalStateException("`" + command.getFirst() + "` could not be started", broken);
        }
    }

    /// Parks every descriptor above all numbers in use before it goes to its place: none overwrites another.
    private static MemorySegment actions(Arena arena, List<Integer> descriptors) throws Throwable {
        var actions = arena.allocate(OPAQUE, 16);
        check((int) ACTIONS.invokeExact(actions));
        var parked = Math.max(Collections.max(descriptors) + 1, descriptors.size());
        for (int i = 0; i < descriptors.size(); i++)
            check((int) DUP.invokeExact(actions, (int) descriptors.get(i), parked + i));
        for (int i = 0; i < descriptors.size(); i++) check((int) DUP.invokeExact(actions, parked + i, i));
        return actions;
    }

    private static MemorySegment attributes(Arena arena) throws Throwable {
        var attributes = arena.allocate(OPAQUE, 16);
        check((int) ATTRIBUTES.invokeExact(attributes));
        check((int) FLAGS.invokeExact(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID)));
        check((int) DEFAULTS.invokeExact(attributes, arena.allocate(SIGNALS, 8).fill((byte) 0xff)));
        check((int) MASK.invokeExact(attributes, arena.allocate(SIGNALS, 8)));
        return attributes;
    }

    private static MemorySegment strings(Arena arena, List<String> values) {
        var array = arena.allocate(JAVA_LONG, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) array.setAtIndex(JAVA_LONG, i, UnsafeKernel.text(arena, values.get(i)));
        return array;
    }

    private static void check(int error) throws KernelException {
        if (error != 0) throw new KernelException("posix_spawn", error);
    }
}
