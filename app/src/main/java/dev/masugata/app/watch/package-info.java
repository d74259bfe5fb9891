/// What the watchtower sees of a home: the last inventory and the record, as one graph.
@NullMarked
package dev.masugata.app.watch;

import org.jspecify.annotations.NullMarked;
