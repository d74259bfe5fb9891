package dev.masugata.graph.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A question that was understood. It can only read: the grammar has no word that writes.
public sealed interface Question {
    int limit();

    /// Nodes and relations of a form.
    ///
    /// @param parts    the first is no optional one
    /// @param items    what a row holds; never empty
    /// @param since    only relations that were seen then or later
    /// @param limited  the question itself said the limit
    record Match(
            List<Part> parts, boolean distinct, List<Item> items, List<Order> order, int limit, boolean limited,
            Optional<Instant> since)
            implements Question {}

    /// Shortest ways from nodes of one form to nodes of another.
    ///
    /// @param via relations that a way may take; empty: all
    record Path(
            Variable from, Variable to, List<String> via, int hops, Condition fromWhere, Condition toWhere, int limit)
            implements Question {}

    /// A node that rows name.
    ///
    /// @param name as rows and conditions call it: its kind where the question gives it no other
    /// @param kind [dev.masugata.graph.Schema#ANY]: any
    record Variable(String name, String kind) {}

    /// A relation between two nodes, read forwards; repeated between `least` and `most` times.
    ///
    /// @param kinds empty: any
    record Hop(String from, List<String> kinds, String to, int least, int most) {
        boolean isPlain() {
            return least == 1 && most == 1;
        }
    }

    /// Nodes that come in with it, the hops between them and known ones, and what must be so.
    record Part(boolean optional, List<Variable> brings, List<Hop> hops, Condition where) {}

    /// What stands in one column.
    sealed interface Item {
        String title();

        record Node(String variable, String title) implements Item {}

        record Field(String variable, String field, String title) implements Item {}

        /// How many; of what is empty: rows.
        record Count(boolean distinct, Optional<Item> of, String title) implements Item {}
    }

    /// @param column the column's place among the items
    record Order(int column, boolean descending) {}
}
