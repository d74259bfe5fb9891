/// Content to findings.
@NullMarked
package dev.masugata.inspect;

import org.jspecify.annotations.NullMarked;
