@NullMarked
package dev.masugata.sandbox;

import org.jspecify.annotations.NullMarked;
