/// Risks: stored questions to the graph, ranked with their reasons, and the changes that remove them.
@NullMarked
package dev.masugata.graph.risk;

import org.jspecify.annotations.NullMarked;
