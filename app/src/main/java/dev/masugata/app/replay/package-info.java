/// Recorded agent runs, driven through a real gate: what it would have stopped, and what it would have been in the way
/// of.
@NullMarked
package dev.masugata.app.replay;

import org.jspecify.annotations.NullMarked;
