/// Main, the commands, and House: every object made with `new`.
@NullMarked
package dev.masugata.app;

import org.jspecify.annotations.NullMarked;
