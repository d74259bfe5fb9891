package dev.masugata.scan;

import java.util.List;

/// What happens on a machine at this moment: processes, what listens, keys in environments. No value of a key.
///
/// @param environment keys in the environment of whoever scans
public record Machine(List<Running> running, List<Listening> listening, List<Named> environment) {
    public static final Machine SILENT = new Machine(List.of(), List.of(), List.of());

    public Machine {
        running = List.copyOf(running);
        listening = List.copyOf(listening);
        environment = List.copyOf(environment);
    }

    /// @param command words as it was started
    /// @param sealed  it is a run of this house: a namespace of its own, and a session's name
    /// @param keys    keys in its environment, as far as it may be read
    public record Running(long pid, List<String> command, String directory, boolean sealed, List<Named> keys) {}

    /// @param address in the usual notation; every address is `0.0.0.0` or `::`
    public record Listening(String address, int port, long pid) {}

    /// @param name of the variable
    /// @param type of the key in it
    public record Named(String name, String type) {}
}
