/// What a server says of a tool, held against what it can be.
@NullMarked
package dev.masugata.definition;

import org.jspecify.annotations.NullMarked;
