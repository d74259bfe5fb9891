package dev.masugata.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Roots and proofs of RFC 6962 section 2.1, made from stored hashes, and checked without them.
final class Merkle {
    private final Rfc6962 hash = new Rfc6962();
    private final Hashes stored;

    Merkle(Hashes stored) {
        this.stored = stored;
    }

    /// The root of the tree of the first `size` leaves.
    byte[] root(long size) {
        return size == 0 ? hash.empty() : range(0, size);
    }

    /// The path from a leaf (counted from 0) to the root, the leaf's sibling first (section 2.1.1).
    List<byte[]> inclusion(long index, long size) {
        var path = new ArrayList<byte[]>();
        path(index, 0, size, path);
        return path;
    }

    private void path(long index, long low, long high, List<byte[]> path) {
        if (high - low == 1) return;
        long middle = low + split(high - low);
        if (index < middle) {
            path(index, low, middle, path);
            path.add(range(middle, high));
        } else {
            path(index, middle, high, path);
            path.add(range(low, middle));
        }
    }

    /// What shows that the tree of `size` leaves begins with that of `old` leaves (section 2.1.2).
    List<byte[]> consistency(long old, long size) {
        var proof = new ArrayList<byte[]>();
        if (old > 0 && old < size) subproof(old, 0, size, true, proof);
        return proof;
    }

    private void subproof(long old, long low, long high, boolean whole, List<byte[]> proof) {
        if (old == high - low) {
            if (!whole) proof.add(range(low, high));
            return;
        }
        long left = split(high - low);
        if (old <= left) {
            subproof(old, low, low + left, whole, proof);
            proof.add(range(low + left, high));
        } else {
            subproof(old - left, low + left, high, false, proof);
            proof.add(range(low, low + left));
        }
    }

    /// The root over the leaves `[low, high)`, where `low` is a multiple of the power of two that spans them.
    private byte[] range(long low, long high) {
        long count = high - low;
        if (Long.bitCount(count) != 1) {
            long middle = low + split(count);
            return hash.node(range(low, middle), range(middle, high));
        }
        int height = Long.numberOfTrailingZeros(count);
        int level = height / Tree.HEIGHT;
        int wide = 1 << height % Tree.HEIGHT;
        return hash.root(stored.slice(level, low >> level * Tree.HEIGHT, wide), 0, wide);
    }

    /// The largest power of two below the count.
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    /// True if the path leads from the leaf at `index` to the root.
    static boolean includes(byte[] leaf, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) return false;
        var hash = new Rfc6962();
        var at = leaf;
        int used = 0;
        // The leaf's place in ever smaller trees, from the root down, says on which side each sibling stands.
        for (var left : sides(index, size)) {
            if (used == path.size()) return false;
            var sibling = path.get(used++);
            at = left ? hash.node(sibling, at) : hash.node(at, sibling);
        }
        return used == path.size() && Arrays.equals(at, root);
    }

    /// From the leaf up: true where the sibling stands to the left.
    private static List<Boolean> sides(long index, long size) {
        var sides = new ArrayList<Boolean>();
        while (size > 1) {
            long left = split(size);
            sides.add(index >= left);
            if (index >= left) {
                index -= left;
                size -= left;
            } else {
                size = left;
            }
        }
        return sides.reversed();
    }

    /// True if the proof shows that the tree with `root` begins with the tree with `oldRoot`.
    static boolean extendsTree(long old, byte[] oldRoot, long size, byte[] root, List<byte[]> proof) {
        if (old == size) return proof.isEmpty() && Arrays.equals(oldRoot, root);
        if (old == 0) return proof.isEmpty();
        if (old > size || proof.isEmpty()) return false;
        var rest = new ArrayList<>(proof);
        // When the old tree is itself a node of the new one it is left out of the proof: the checker has it.
        if (Long.bitCount(old) == 1) rest.addFirst(oldRoot);
        return new Climb(rest).matches(old, oldRoot, size, root);
    }

    /// Walks a consistency proof from the bottom, building both roots side by side.
    private static final class Climb {
        private final Rfc6962 hash = new Rfc6962();
        private final List<byte[]> proof;
        private int used = 1;
        private byte[] oldSide;
        private byte[] newSide;

        Climb(List<byte[]> proof) {
            this.proof = proof;
            oldSide = proof.getFirst();
            newSide = proof.getFirst();
        }

        boolean matches(long old, byte[] oldRoot, long size, byte[] root) {
            for (var step : steps(old, size)) {
                if (used == proof.size()) return false;
                var sibling = proof.get(used++);
                switch (step) {
                    case SHARED -> {
                        oldSide = hash.node(sibling, oldSide);
                        newSide = hash.node(sibling, newSide);
                    }
                    case NEW -> newSide = hash.node(newSide, sibling);
                }
            }
            return used == proof.size() && Arrays.equals(oldSide, oldRoot) && Arrays.equals(newSide, root);
        }

        private enum Step {
            /// The sibling is to the left and part of both trees.
            SHARED,
            /// The sibling is to the right and part of the new tree only.
            NEW
        }

        private static List<Step> steps(long old, long size) {
            var steps = new ArrayList<Step>();
            while (old != size) {
                long left = split(size);
                if (old <= left) {
                    steps.add(Step.NEW);
                    size = left;
                } else {
                    steps.add(Step.SHARED);
                    old -= left;
                    size -= left;
                }
            }
            return steps.reversed();
        }
    }
}
