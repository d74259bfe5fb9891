/// The nouns: who asks, what is attempted, what was seen, what was decided. No I/O.
@NullMarked
package dev.masugata.model;

import org.jspecify.annotations.NullMarked;
