/// Calls of models, in the formats of their providers, to Action and back. Nothing is decided here.
@NullMarked
package dev.masugata.gates.llm;

import org.jspecify.annotations.NullMarked;
