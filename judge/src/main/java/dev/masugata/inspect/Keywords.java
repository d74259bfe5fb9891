package dev.masugata.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All keywords in one pass over a text, whatever their number: the automaton of Aho and Corasick (1975), as a table.
///
/// Case does not count, and white space of any length is one space.
final class Keywords {
    /// Where a keyword ended.
    interface Hits {
        void at(int keyword, int end);
    }

    /// Characters that are taken out of a text at once.
    private static final int CHUNK = 4096;

    private static final String FREQUENT = " abcdefghijklmnopqrstuvwxyz";

    private final Table latin;
    private final Table other;

    /// Keywords of ASCII have a table of their own: it is narrow, so that the part of it in use stays near the core.
    /// The other one is read only where a text has other characters.
    Keywords(List<String> keywords) {
        var folded = keywords.stream().map(Keywords::fold).toList();
        latin = new Table(folded, true);
        other = new Table(folded, false);
    }

    void find(String text, Hits hits) {
        var chunk = new char[Math.min(CHUNK, text.length())];
        int latinState = 0;
        int otherState = 0;
        for (int begin = 0; begin < text.length(); begin += chunk.length) {
            int count = Math.min(chunk.length, text.length() - begin);
            text.getChars(begin, begin + count, chunk, 0);
            latinState = latin.find(chunk, count, begin, latinState, hits);
            // Between its keywords' characters this one stands at its beginning.
            if (otherState != 0 || !isAscii(chunk, count))
                otherState = other.findSeldom(chunk, count, begin, otherState, hits);
        }
    }

    private static boolean isAscii(char[] chunk, int count) {
        int all = 0;
        for (int i = 0; i < count; i++) all |= chunk[i];
        return all < 128;
    }

    private static boolean isAscii(String keyword) {
        return keyword.chars().allMatch(c -> c < 128);
    }

    private static String fold(String keyword) {
        var folded = new StringBuilder();
        for (char c : keyword.strip().isEmpty() ? keyword.toCharArray() : keyword.replaceAll("\\s+", " ").toCharArray())
            folded.append(Character.toLowerCase(c));
        return folded.toString();
    }

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>();
        private final List<Integer> ends = new ArrayList<>();
        private Node failure = this;
        private int row;
        private char letter;
    }

    /// One automaton.
    private static final class Table {
        private final char[] classes = new char[Character.MAX_VALUE + 1];
        private final int shift;
        /// `next[(state << shift) + class]`.
        private final char[] next;
        /// States from here on end a keyword.
        private final int firstEnding;
        private final int[][] endings;

        private Table(List<String> keywords, boolean ascii) {
            int used = 0;
            // What texts are made of stands together, so that of each state one line of memory is in use.
            if (ascii) for (char c : FREQUENT.toCharArray()) classes[c] = (char) ++used;
            for (var keyword : keywords)
                if (isAscii(keyword) == ascii)
                    for (char c : keyword.toCharArray()) if (classes[c] == 0) classes[c] = (char) ++used;
            if (classes[' '] == 0) classes[' '] = (char) ++used;
            char space = classes[' '];
            classes['\n'] = classes['\t'] = classes['\r'] = space;
            for (int c = 0; c <= Character.MAX_VALUE; c++) {
                char lower = Character.toLowerCase((char) c);
                if (classes[c] == 0) classes[c] = classes[lower];
            }
            shift = 32 - Integer.numberOfLeadingZeros(used);
            var trie = trie(keywords, ascii);
            if (trie.size() > Character.MAX_VALUE) throw new IllegalArgumentException("too many keywords");
            var order = order(trie);
            next = new char[trie.size() << shift];
            endings = new int[trie.size()][];
            firstEnding = fill(trie, order, space);
        }

        private List<Node> trie(List<String> keywords, boolean ascii) {
            var nodes = new ArrayList<Node>();
            nodes.add(new Node());
            for (int i = 0; i < keywords.size(); i++) {
                if (isAscii(keywords.get(i)) != ascii) continue;
                var node = nodes.getFirst();
                for (char c : keywords.get(i).toCharArray()) {
                    node = node.children.computeIfAbsent(classes[c], _ -> {
                        var made = new Node();
                        made.letter = classes[c];
                        nodes.add(made);
                        return made;
                    });
                }
                node.ends.add(i);
            }
            return nodes;
        }

        private int fill(List<Node> nodes, List<Node> order, char space) {
            // The states that end a keyword come last, so that one comparison tells them.
            var rows = new ArrayList<Node>(nodes.size());
            for (var node : order) if (node.ends.isEmpty()) rows.add(node);
            int first = rows.size();
            for (var node : order) if (!node.ends.isEmpty()) rows.add(node);
            for (int i = 0; i < rows.size(); i++) rows.get(i).row = i;
            int width = 1 << shift;
            for (var node : order) {
                boolean root = node == nodes.getFirst();
                if (!root) System.arraycopy(next, node.failure.row << shift, next, node.row << shift, width);
                node.children.forEach((letter, child) -> next[(node.row << shift) + letter] = (char) child.row);
                // More white space is the same white space.
                if (node.letter == space) next[(node.row << shift) + space] = (char) node.row;
                endings[node.row] = node.ends.stream().mapToInt(it -> it).toArray();
            }
            return first;
        }

        private int find(char[] chunk, int count, int begin, int from, Hits hits) {
            int state = from;
            for (int i = 0; i < count; i++) {
                state = next[(state << shift) + classes[chunk[i]]];
                if (state >= firstEnding) for (int keyword : endings[state]) hits.at(keyword, begin + i + 1);
            }
            return state;
        }

        /// The same where most characters begin no keyword: those are passed over without waiting for one another.
        private int findSeldom(char[] chunk, int count, int begin, int from, Hits hits) {
            int state = from;
            for (int i = 0; i < count; i++) {
                if (state == 0 && next[classes[chunk[i]]] == 0) continue;
                state = next[(state << shift) + classes[chunk[i]]];
                if (state >= firstEnding) for (int keyword : endings[state]) hits.at(keyword, begin + i + 1);
            }
            return state;
        }
    }

    /// Nodes from the root outwards; each knows where to go on when its letters go no further.
    private static List<Node> order(List<Node> nodes) {
        var root = nodes.getFirst();
        var order = new ArrayList<Node>();
        var queue = new ArrayDeque<>(List.of(root));
        while (!queue.isEmpty()) {
            var node = queue.remove();
            order.add(node);
            node.children.forEach((letter, child) -> {
                var failure = node.failure;
                while (failure != root && !failure.children.containsKey(letter)) failure = failure.failure;
                var found = failure.children.get(letter);
                child.failure = found == null || found == child ? root : found;
                child.ends.addAll(child.failure.ends);
                queue.add(child);
            });
        }
        return order;
    }
}
