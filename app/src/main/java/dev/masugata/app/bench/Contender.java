package dev.masugata.app.bench;

import dev.masugata.sandbox.InsecurePeer;
import dev.masugata.sandbox.ProcessCost;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// One way to the tool `echo` that is measured.
///
/// @param gate   what stands between, if anything does
/// @param server the tool's own process, where what stands between has not started it
/// @param tokens one for each round, so that each has a session of its own; empty where none is asked for
record Contender(
        String name, URI url, Optional<InsecurePeer> gate, Optional<InsecurePeer> server, List<String> tokens) {
    Contender {
        tokens = List.copyOf(tokens);
    }

    String token(int round) {
        return tokens.isEmpty() ? "" : tokens.get(round);
    }

    /// @param gate     processor seconds of what stands between
    /// @param server   of the tool's process
    /// @param load     of this process, which makes the load
    /// @param machine  of all processes of this machine
    /// @param resident KiB of what stands between
    record Cost(double gate, double server, double load, double machine, long resident) {
        /// What was used since `before`; memory is as it is now.
        Cost since(Cost before) {
            return new Cost(gate - before.gate, server - before.server, load - before.load, machine - before.machine,
                    resident);
        }

        double ours() {
            return gate + server + load;
        }
    }

    Cost cost() throws IOException {
        var between = gate.isPresent() ? gate.get().cost() : new ProcessCost(0, 0, 0);
        double tool = server.isPresent() ? server.get().cost().seconds() : between.belowSeconds();
        double load = ProcessCost.of(ProcessHandle.current()).seconds();
        return new Cost(between.seconds(), tool, load, ProcessCost.machineSeconds(), between.residentKib());
    }
}
