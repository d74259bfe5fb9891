/// Evidence to decision, pure: Cedar text, compiled to closures.
@NullMarked
package dev.masugata.policy;

import org.jspecify.annotations.NullMarked;
