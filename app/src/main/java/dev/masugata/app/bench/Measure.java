package dev.masugata.app.bench;

import dev.masugata.app.bench.Contender.Cost;
import java.util.stream.DoubleStream;

/// One contender under one load, in one round.
///
/// @param rate calls in a second that were to be made; 0 where each connection calls again as soon as it may
/// @param cores processors of this machine
record Measure(String contender, int connections, double rate, int round, Sample sample, Cost cost, int cores) {
    /// From so much of what there is on, a part is the ceiling.
    private static final double FULL = 0.9;

    boolean isClosed() {
        return rate == 0;
    }

    double gatePerThousand() {
        return 1000 * cost.gate() / sample.calls();
    }

    double callsPerGateSecond() {
        return sample.calls() / cost.gate();
    }

    /// Processors that a part kept busy.
    double busy(double seconds) {
        return seconds / sample.seconds();
    }

    /// Of processes that are no part of this.
    double busyElsewhere() {
        return Math.max(0, busy(cost.machine() - cost.ours()));
    }

    /// What kept it from being faster, in a closed loop.
    String ceiling() {
        // Both are one thread of Node that handles all calls; a second one does little.
        if (busy(cost.server()) >= FULL) return "server";
        if (!contender.startsWith("masugata") && busy(cost.gate()) >= FULL) return "gate";
        if (busy(cost.machine()) < FULL * cores) return connections == 1 ? "round trip" : "waiting";
        double most = DoubleStream.of(busyElsewhere(), busy(cost.gate()), busy(cost.server()), busy(cost.load()))
                .max()
                .orElseThrow();
        if (most == busyElsewhere()) return "machine: others";
        if (most == busy(cost.gate())) return "machine: gate";
        return most == busy(cost.server()) ? "machine: server" : "machine: generator";
    }
}
