/// A classifier that an operator brings: its words, its windows, its runtime.
@NullMarked
package dev.masugata.inspect.guard;

import org.jspecify.annotations.NullMarked;
