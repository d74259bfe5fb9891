@NullMarked
package dev.masugata.app;

import org.jspecify.annotations.NullMarked;
