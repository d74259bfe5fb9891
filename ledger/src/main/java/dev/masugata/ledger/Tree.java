package dev.masugata.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The growing edge of the tree, cut into the tiles of C2SP tlog-tiles: what is not yet a full tile.
///
/// INVARIANT: the edge of level n holds the last `(size >> 8n) mod 256` hashes of that level.
final class Tree {
    /// A tile is a subtree of this height.
    static final int HEIGHT = 8;
    /// Hashes in a full tile.
    static final int WIDTH = 1 << HEIGHT;

    /// A row of hashes at its place in the tree; less than [#WIDTH] of them at the right edge.
    record Tile(int level, long number, byte[] hashes) {}

    private final Rfc6962 hash = new Rfc6962();
    private final List<Edge> edges = new ArrayList<>();
    private final List<Tile> full = new ArrayList<>();
    private long size;

    private static final class Edge {
        final byte[] hashes = new byte[WIDTH * Rfc6962.BYTES];
        int width;
        boolean changed;
    }

    /// The tree of the first `size` leaves, whose hashes are stored.
    static Tree restore(long size, Hashes stored) {
        var tree = new Tree();
        tree.size = size;
        for (int level = 0; size >> level * HEIGHT > 0; level++) {
            long there = size >> level * HEIGHT;
            var edge = tree.edge(level);
            edge.width = (int) (there % WIDTH);
            if (edge.width == 0) continue;
            var hashes = stored.slice(level, there - edge.width, edge.width);
            System.arraycopy(hashes, 0, edge.hashes, 0, hashes.length);
        }
        return tree;
    }

    long size() {
        return size;
    }

    void append(byte[] leaf) {
        size++;
        push(0, leaf);
    }

    private void push(int level, byte[] node) {
        var edge = edge(level);
        System.arraycopy(node, 0, edge.hashes, edge.width * Rfc6962.BYTES, Rfc6962.BYTES);
        edge.changed = true;
        if (++edge.width < WIDTH) return;
        full.add(new Tile(level, (size >> (level + 1) * HEIGHT) - 1, edge.hashes.clone()));
        edge.width = 0;
        edge.changed = false;
        push(level + 1, hash.root(full.getLast().hashes(), 0, WIDTH));
    }

    private Edge edge(int level) {
        while (edges.size() <= level) edges.add(new Edge());
        return edges.get(level);
    }

    /// The root over all leaves.
    byte[] root() {
        if (size == 0) return hash.empty();
        byte[] right = null;
        // What hangs over at the right of one level is the last, incomplete item of the next.
        for (var edge : edges) {
            int width = edge.width;
            if (right == null) {
                if (width > 0) right = hash.root(edge.hashes, 0, width);
                continue;
            }
            var items = Arrays.copyOf(edge.hashes, (width + 1) * Rfc6962.BYTES);
            System.arraycopy(right, 0, items, width * Rfc6962.BYTES, Rfc6962.BYTES);
            right = hash.root(items, 0, width + 1);
        }
        if (right == null) throw new IllegalStateException("a tree with leaves has an edge");
        return right;
    }

    /// The tiles that became full since the last call.
    List<Tile> takeFull() {
        var taken = List.copyOf(full);
        full.clear();
        return taken;
    }

    /// The tiles to store since the last call: those that became full, and the edges above the leaves. The leaves of
    /// the last, partial tile stand with their entries.
    List<Tile> takeChanged() {
        var changed = new ArrayList<>(takeFull());
        for (int level = 1; level < edges.size(); level++) {
            if (edges.get(level).changed) changed.add(edge(level, size >> level * HEIGHT));
        }
        edges.forEach(edge -> edge.changed = false);
        return changed;
    }

    /// The partial tile of leaves at the right edge; without hashes when the last is full.
    Tile leafEdge() {
        return edges.isEmpty() ? new Tile(0, 0, new byte[0]) : edge(0, size);
    }

    /// Every partial tile, for an export at this size.
    List<Tile> partial() {
        var partial = new ArrayList<Tile>();
        for (int level = 0; level < edges.size(); level++) {
            if (edges.get(level).width > 0) partial.add(edge(level, size >> level * HEIGHT));
        }
        return partial;
    }

    private Tile edge(int level, long there) {
        var edge = edges.get(level);
        return new Tile(level, there / WIDTH, Arrays.copyOf(edge.hashes, edge.width * Rfc6962.BYTES));
    }
}
