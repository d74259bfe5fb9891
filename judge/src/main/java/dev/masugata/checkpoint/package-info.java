@NullMarked
package dev.masugata.checkpoint;

import org.jspecify.annotations.NullMarked;
