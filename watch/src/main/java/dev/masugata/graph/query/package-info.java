/// Questions to the graph: how they are written, what they mean, and how they become SQL.
@NullMarked
package dev.masugata.graph.query;

import org.jspecify.annotations.NullMarked;
