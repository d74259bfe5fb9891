package dev.masugata.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which of many words stand in a text, in one pass over it (Aho and Corasick 1975): what patterns are tried at all.
///
/// Case does not matter for ASCII. Characters that occur in no word share one column, so that the table stays small.
final class Literals {
    private static final int ASCII = 128;

    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private final Map<Character, Integer> wide = new HashMap<>();
    private final int[] narrow = new int[ASCII];
    private final List<int[]> next = new ArrayList<>();
    private final List<BitSet> ends = new ArrayList<>();
    private int columns = 1;
    private int[] table = new int[0];
    private boolean[] hits = new boolean[0];

    private Literals() {}

    static Literals of(List<String> words) {
        var made = new Literals();
        for (var word : words) made.indices.putIfAbsent(word.toLowerCase(Locale.ROOT), made.indices.size());
        for (var word : made.indices.keySet()) for (char c : word.toCharArray()) made.learn(c);
        made.state();
        made.indices.forEach(made::insert);
        made.link();
        made.flatten();
        return made;
    }

    int index(String word) {
        return indices.getOrDefault(word, indices.size());
    }

    private void learn(char c) {
        if (c < ASCII) {
            if (narrow[c] != 0) return;
            narrow[c] = columns;
            if (c >= 'a' && c <= 'z') narrow[c - 32] = columns;
            columns++;
        } else if (wide.putIfAbsent(c, columns) == null) columns++;
    }

    private int column(char c) {
        return c < ASCII ? narrow[c] : wide.getOrDefault(c, 0);
    }

    private int state() {
        var row = new int[columns];
        Arrays.fill(row, -1);
        next.add(row);
        ends.add(new BitSet());
        return next.size() - 1;
    }

    private void insert(String word, int index) {
        int at = 0;
        for (char c : word.toCharArray()) {
            int column = column(c);
            if (next.get(at)[column] < 0) {
                int made = state();
                next.get(at)[column] = made;
            }
            at = next.get(at)[column];
        }
        ends.get(at).set(index);
    }

    private void link() {
        var fail = new int[next.size()];
        var queue = new ArrayDeque<Integer>();
        for (int column = 0; column < columns; column++) {
            int to = next.getFirst()[column];
            if (to < 0) next.getFirst()[column] = 0;
            else queue.add(to);
        }
        while (!queue.isEmpty()) {
            int at = queue.remove();
            ends.get(at).or(ends.get(fail[at]));
            for (int column = 0; column < columns; column++) {
                int to = next.get(at)[column];
                int back = next.get(fail[at])[column];
                if (to < 0) next.get(at)[column] = back;
                else {
                    fail[to] = back;
                    queue.add(to);
                }
            }
        }
    }

    /// One array: the automaton goes over every byte of everything.
    private void flatten() {
        table = new int[next.size() * columns];
        hits = new boolean[next.size()];
        for (int state = 0; state < next.size(); state++) {
            for (int column = 0; column < columns; column++) table[state * columns + column] = next.get(state)[column];
            hits[state] = !ends.get(state).isEmpty();
        }
        next.clear();
    }

    /// The words that stand in the text, by [#index].
    BitSet in(String text) {
        var seen = new BitSet();
        if (indices.isEmpty()) return seen;
        int at = 0;
        int length = text.length();
        int width = columns;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            int column = c < ASCII ? narrow[c] : wide.isEmpty() ? 0 : wide.getOrDefault(c, 0);
            at = table[at * width + column];
            if (hits[at]) seen.or(ends.get(at));
        }
        return seen;
    }
}
