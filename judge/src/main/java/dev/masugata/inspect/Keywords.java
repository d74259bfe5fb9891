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

    private final char[] classes = new char[Character.MAX_VALUE + 1];
    private final int width;
    /// `next[state + class]`; a state is the index of its row.
    private final int[] next;
    /// States from here on end a keyword.
    private final int firstEnding;
    private final int[][] endings;

    Keywords(List<String> keywords) {
        var folded = keywords.stream().map(Keywords::fold).toList();
        int used = 0;
        for (var keyword : folded)
            for (char c : keyword.toCharArray()) if (classes[c] == 0) classes[c] = (char) ++used;
        if (classes[' '] == 0) classes[' '] = (char) ++used;
        char space = classes[' '];
        classes['\n'] = classes['\t'] = classes['\r'] = space;
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            char lower = Character.toLowerCase((char) c);
            if (classes[c] == 0) classes[c] = classes[lower];
        }
        width = used + 1;
        var trie = trie(folded);
        var order = order(trie);
        next = new int[trie.size() * width];
        endings = new int[trie.size()][];
        firstEnding = fill(trie, order, space);
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

    private List<Node> trie(List<String> keywords) {
        var nodes = new ArrayList<Node>();
        nodes.add(new Node());
        for (int i = 0; i < keywords.size(); i++) {
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

    private int fill(List<Node> nodes, List<Node> order, char space) {
        // The states that end a keyword come last, so that one comparison tells them.
        var rows = new ArrayList<Node>(nodes.size());
        for (var node : order) if (node.ends.isEmpty()) rows.add(node);
        int first = rows.size();
        for (var node : order) if (!node.ends.isEmpty()) rows.add(node);
        for (int i = 0; i < rows.size(); i++) rows.get(i).row = i * width;
        for (var node : order) {
            boolean root = node == nodes.getFirst();
            if (!root) System.arraycopy(next, node.failure.row, next, node.row, width);
            node.children.forEach((letter, child) -> next[node.row + letter] = child.row);
            // More white space is the same white space.
            if (node.letter == space) next[node.row + space] = node.row;
            endings[node.row / width] = node.ends.stream().mapToInt(it -> it).toArray();
        }
        return first * width;
    }

    void find(String text, Hits hits) {
        int state = 0;
        var chunk = new char[Math.min(CHUNK, text.length())];
        for (int begin = 0; begin < text.length(); begin += chunk.length) {
            int count = Math.min(chunk.length, text.length() - begin);
            text.getChars(begin, begin + count, chunk, 0);
            for (int i = 0; i < count; i++) {
                state = next[state + classes[chunk[i]]];
                if (state >= firstEnding) for (int keyword : endings[state / width]) hits.at(keyword, begin + i + 1);
            }
        }
    }
}
