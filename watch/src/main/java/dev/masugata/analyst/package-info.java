/// Questions in words, and what happened in a session: both answered from graph and record, with the evidence.
@NullMarked
package dev.masugata.analyst;

import org.jspecify.annotations.NullMarked;
