package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// What a process has used since it began, and what those below it have, as Linux counts it (proc_pid_stat(5)).
///
/// @param seconds       of processor time, in user mode and in the kernel, to a hundredth
/// @param belowSeconds  the same of all processes below it that are there
/// @param residentKib   memory of the process alone that is in RAM
public record ProcessCost(double seconds, double belowSeconds, long residentKib) {
    /// The unit in which Linux tells them to everybody, whatever the kernel counts in.
    private static final double TICKS_PER_SECOND = 100;

    /// @throws IOException where there is no `/proc`, or no such process any more
    public static ProcessCost of(ProcessHandle process) throws IOException {
        double below = 0;
        for (var it : process.descendants().toList()) {
            try {
                below += seconds(it.pid());
            } catch (NoSuchFileException ended) {
                // What it used is not known any more; the benchmark's own live as long as it does.
            }
        }
        return new ProcessCost(seconds(process.pid()), below, resident(process.pid()));
    }

    private static double seconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // The name stands in parentheses and may hold anything: what is counted begins after the last one.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private static long resident(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status")))
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("[^0-9]", ""));
        return 0;
    }

    /// Processor seconds of the whole machine, all processes together (proc_stat(5)): without idling and waiting for
    /// disks.
    public static double machineSeconds() throws IOException {
        var fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
        long busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) busy += Long.parseLong(fields[i]);
        return busy / TICKS_PER_SECOND;
    }
}
