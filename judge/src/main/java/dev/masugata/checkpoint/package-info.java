/// The one place where an action is judged: inspect, decide, hold, record. It alone makes permits and holds the exits.
@NullMarked
package dev.masugata.checkpoint;

import org.jspecify.annotations.NullMarked;
