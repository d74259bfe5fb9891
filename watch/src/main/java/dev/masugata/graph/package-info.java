/// Assets and how they hang together: nodes and edges, questions to them, and the paths between them.
@NullMarked
package dev.masugata.graph;

import org.jspecify.annotations.NullMarked;
