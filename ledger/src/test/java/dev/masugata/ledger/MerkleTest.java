package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {
    private static final HexFormat HEX = HexFormat.of();

    /// The eight leaves that the implementations of RFC 6962 share as test vectors, and the roots over the first n.
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void theRootsAreThoseOfTheSharedVectors() {
        var tree = new Tree();
        assertEquals(ROOTS.getFirst(), HEX.formatHex(tree.root()));
        for (int i = 0; i < LEAVES.size(); i++) {
            tree.append(new Rfc6962().leaf(HEX.parseHex(LEAVES.get(i))));
            assertEquals(ROOTS.get(i + 1), HEX.formatHex(tree.root()));
        }
    }

    /// Keeps every hash of every level; written as the RFC's definitions stand.
    private static final class Whole implements Hashes {
        final List<List<byte[]>> levels = new ArrayList<>();
        final Rfc6962 hash = new Rfc6962();

        Whole(List<byte[]> leaves) {
            levels.add(leaves);
            while (levels.getLast().size() >= Tree.WIDTH) {
                var below = levels.getLast();
                var level = new ArrayList<byte[]>();
                for (int i = 0; (i + 1) * Tree.WIDTH <= below.size(); i++)
                    level.add(naive(below.subList(i * Tree.WIDTH, (i + 1) * Tree.WIDTH)));
                levels.add(level);
            }
        }

        byte[] naive(List<byte[]> leaves) {
            if (leaves.size() == 1) return leaves.getFirst();
            int k = 1;
            while (2 * k < leaves.size()) k *= 2;
            return hash.node(naive(leaves.subList(0, k)), naive(leaves.subList(k, leaves.size())));
        }

        @Override
        public byte[] slice(int level, long from, int count) {
            var out = new byte[count * Rfc6962.BYTES];
            for (int i = 0; i < count; i++)
                System.arraycopy(levels.get(level).get((int) from + i), 0, out, i * Rfc6962.BYTES, Rfc6962.BYTES);
            return out;
        }
    }

    private static List<byte[]> leaves(int count) {
        var hash = new Rfc6962();
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) leaves.add(hash.leaf(ByteBuffer.allocate(4).putInt(i).array()));
        return leaves;
    }

    @Test
    void theTreeGrowsToTheRootThatTheDefinitionGives() {
        var leaves = leaves(70_000);
        var tree = new Tree();
        var tiles = 0;
        var whole = new Whole(leaves);
        for (int i = 0; i < leaves.size(); i++) {
            tree.append(leaves.get(i));
            if (i < 600 || i % 1499 == 0 || i == 65_535 || i == 65_536)
                assertArrayEquals(whole.naive(leaves.subList(0, i + 1)), tree.root(), "size " + (i + 1));
            tiles += tree.takeFull().size();
        }
        // The example of the specification: 273 full tiles of leaves and one above them.
        assertEquals(274, tiles);
        assertEquals(List.of(112, 17, 1), tree.partial().stream().map(it -> it.hashes().length / 32).toList());
    }

    @Test
    void aRestoredTreeGrowsOn() {
        var leaves = leaves(66_200);
        var whole = new Whole(leaves);
        for (int size : List.of(0, 1, 255, 256, 257, 511, 65_535, 65_536, 65_600)) {
            var tree = Tree.restore(size, whole);
            for (int i = size; i < size + 600; i++) tree.append(leaves.get(i));
            assertArrayEquals(new Merkle(whole).root(size + 600), tree.root(), "from " + size);
        }
    }

    @Test
    void everyInclusionIsProvenAndNoOther() {
        var leaves = leaves(700);
        var merkle = new Merkle(new Whole(leaves));
        for (int size = 1; size <= 700; size += size < 40 ? 1 : 73) {
            var root = merkle.root(size);
            for (int index = 0; index < size; index++) {
                var path = merkle.inclusion(index, size);
                assertTrue(Merkle.includes(leaves.get(index), index, size, path, root));
                assertFalse(Merkle.includes(leaves.get(index), index + 1, size, path, root), "another place");
                assertFalse(Merkle.includes(leaves.get((index + 1) % 700), index, size, path, root), "another leaf");
                if (path.isEmpty()) continue;
                assertFalse(Merkle.includes(leaves.get(index), index, size, path.subList(1, path.size()), root));
                var bent = new ArrayList<>(path);
                bent.set(index % path.size(), leaves.get(3));
                if (!Arrays.equals(path.get(index % path.size()), leaves.get(3)))
                    assertFalse(Merkle.includes(leaves.get(index), index, size, bent, root), "a bent path");
            }
        }
    }

    @Test
    void everyContinuationIsProvenAndNoFork() {
        var leaves = leaves(600);
        var merkle = new Merkle(new Whole(leaves));
        var forked = new ArrayList<>(leaves);
        forked.set(2, leaves.get(5));
        var fork = new Merkle(new Whole(forked));
        var random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            int size = 1 + random.nextInt(i < 1000 ? 40 : 600);
            int old = random.nextInt(size + 1);
            var proof = merkle.consistency(old, size);
            assertTrue(Merkle.extendsTree(old, merkle.root(old), size, merkle.root(size), proof), old + " in " + size);
            if (old < 3 || old == size) continue;
            assertFalse(Merkle.extendsTree(old, merkle.root(old), size, fork.root(size), proof), "another new root");
            assertFalse(Merkle.extendsTree(old, fork.root(old), size, merkle.root(size), proof), "another old root");
            assertFalse(Merkle.extendsTree(
                    old, merkle.root(old), size, merkle.root(size), proof.subList(0, proof.size() - 1)), "shortened");
        }
    }
}
