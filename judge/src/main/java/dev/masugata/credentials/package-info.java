/// Where secrets come from, and the one slot that each fills.
@NullMarked
package dev.masugata.credentials;

import org.jspecify.annotations.NullMarked;
