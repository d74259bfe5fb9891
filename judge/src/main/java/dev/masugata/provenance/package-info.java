/// Spans of what a session has seen, and the origins of the values it sends.
@NullMarked
package dev.masugata.provenance;

import org.jspecify.annotations.NullMarked;
