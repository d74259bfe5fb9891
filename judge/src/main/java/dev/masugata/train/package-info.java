/// Texts written for it to weights: the generator, the trainer, and what measures them.
@NullMarked
package dev.masugata.train;

import org.jspecify.annotations.NullMarked;
