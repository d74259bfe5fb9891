/// The Model Context Protocol to Action and back. Nothing is decided here.
@NullMarked
package dev.masugata.gates.mcp;

import org.jspecify.annotations.NullMarked;
