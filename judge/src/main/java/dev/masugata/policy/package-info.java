@NullMarked
package dev.masugata.policy;

import org.jspecify.annotations.NullMarked;
