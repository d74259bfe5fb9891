@NullMarked
package dev.masugata.net;

import org.jspecify.annotations.NullMarked;
