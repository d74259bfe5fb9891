/// Runs a command sealed: its own view of files, processes and network, and a review of what it changed.
///
/// A session is one platform thread with a mount and a network namespace of its own ([dev.masugata.sandbox.SealedSession]);
/// every process of the session is started from it through bubblewrap ([dev.masugata.sandbox.SealedProcess]). The workspace is
/// an overlay: what a session writes stays under the gate's home until a person applies it ([dev.masugata.sandbox.Review]).
@NullMarked
package dev.masugata.sandbox;

import org.jspecify.annotations.NullMarked;
