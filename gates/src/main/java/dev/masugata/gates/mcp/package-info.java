@NullMarked
package dev.masugata.gates.mcp;

import org.jspecify.annotations.NullMarked;
