/// Finds what agents are made of, on a machine and in directories, and what is weak in it; starts nothing of it.
@NullMarked
package dev.masugata.scan;

import org.jspecify.annotations.NullMarked;
