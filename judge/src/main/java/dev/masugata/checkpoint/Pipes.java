package dev.masugata.checkpoint;

import java.io.InputStream;
import java.io.OutputStream;

/// The two ends of a sealed server process. Only an exit may hold them.
///
/// @param end ends the process and all it started; returns when it is gone
/// @param firstId the exit's requests have greater ids: an answer then says whose it is where several share a process
public record Pipes(OutputStream toServer, InputStream fromServer, Runnable end, long firstId) {
    public Pipes(OutputStream toServer, InputStream fromServer, Runnable end) {
        this(toServer, fromServer, end, 0);
    }

    /// Starts the process. Called once, by the exit.
    public interface Launcher {
        Pipes launch() throws java.io.IOException;
    }
}
