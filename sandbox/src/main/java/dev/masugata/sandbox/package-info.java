/// Runs a command sealed: its own view of files, processes and network, and a review of what it changed.
///
/// A session ([dev.masugata.sandbox.SealedSession]) is one platform thread with a mount and a network namespace of
/// its own; every process of it ([dev.masugata.sandbox.SealedProcess]) is started from there through bubblewrap. The
/// workspace is an overlay: what a session writes stays under the gate's home until a person applies it
/// ([dev.masugata.sandbox.Review]).
@NullMarked
package dev.masugata.sandbox;

import org.jspecify.annotations.NullMarked;
