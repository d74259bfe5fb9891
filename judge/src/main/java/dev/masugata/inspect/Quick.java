package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says in one or two nanoseconds a character that a pattern does not match; in doubt it says that it may.
///
/// A deterministic automaton whose states are made as texts need them (Thompson 1968; Cox, "Regular Expression Matching
/// in the Wild", 2010). It answers yes or no, so that the engine that knows where the match is runs only where there is
/// one. States are shared between threads: they are immutable but for the way on, which is filled in with what every
/// thread would fill in.
final class Quick {
    /// Nodes of one pattern; a larger one has no quick look.
    private static final int NODES_MAX = 20_000;

    /// States kept of one pattern; past it they are made anew.
    static final int STATES_MAX = 256;

    /// States made anew in one look; past it the other engine is as quick.
    private static final int MADE_MAX = 512;

    private static final int WAY = 0;
    private static final int TAKE = 1;
    private static final int EDGE = 2;
    private static final int END = 3;

    /// Kinds of character that edges ask about.
    private static final int NO_CHARACTER = 0;
    private static final int OTHER = 1;
    private static final int WORD = 2;
    private static final int NEWLINE = 3;

    private final List<int[]> nodes = new ArrayList<>();
    private final List<Units> sets = new ArrayList<>();
    private final Map<Units, Integer> setNumbers = new LinkedHashMap<>();
    private final int start;

    /// The class of a character: of ASCII by table, of others by pages that are filled as texts need them.
    private final byte[] ascii = new byte[128];
    private final byte[] @Nullable [] pages = new byte[256][];
    private final int[] boundaries;
    private final byte[] classOfBoundary;
    private final int classes;
    private final int[] kindOfClass;
    private final boolean[][] setHasClass;

    private Map<Key, State> states = new HashMap<>();
    /// Where every look begins.
    private volatile @Nullable State begin;

    private record Key(List<Integer> nodes, int before) {}

    /// Where one may be in the pattern, and what stood before.
    private static final class State {
        private final int[] nodes;
        private final int before;
        private final State[] next;

        private State(int[] nodes, int before, int classes) {
            this.nodes = nodes;
            this.before = before;
            this.next = new State[classes + 1];
        }
    }

    private static final State MATCHED = new State(new int[0], OTHER, 0);

    /// How many states one look had to make.
    private static final class Made {
        private int count;
    }

    /// @return nothing if the pattern holds what cannot be looked at quickly
    static @Nullable Quick of(String pattern, boolean ignoreCase) {
        try {
            return new Quick(PatternTree.of(pattern, ignoreCase));
        } catch (PatternTree.Unread none) {
            return null;
        }
    }

    private Quick(PatternTree tree) {
        int end = node(END, 0, 0, 0);
        start = made(tree, end);
        sets.addAll(setNumbers.keySet());
        var cuts = new java.util.TreeSet<Integer>(List.of(0));
        var asked = new ArrayList<>(sets);
        asked.addAll(List.of(Units.WORD, Units.NEWLINE));
        for (var set : asked)
            for (int i = 0; i < set.ranges().length; i += 2) {
                cuts.add(set.ranges()[i]);
                if (set.ranges()[i + 1] < 0xFFFF) cuts.add(set.ranges()[i + 1] + 1);
            }
        boundaries = cuts.stream().mapToInt(it -> it).toArray();
        classOfBoundary = new byte[boundaries.length];
        var numbers = new HashMap<List<Boolean>, Integer>();
        var samples = new ArrayList<Integer>();
        for (int i = 0; i < boundaries.length; i++) {
            int sample = boundaries[i];
            var signature = asked.stream().map(it -> it.has(sample)).toList();
            int number = numbers.computeIfAbsent(signature, _ -> {
                samples.add(sample);
                return samples.size() - 1;
            });
            if (number > Byte.MAX_VALUE) throw new PatternTree.Unread("too many sets");
            classOfBoundary[i] = (byte) number;
        }
        classes = samples.size();
        kindOfClass = samples.stream().mapToInt(Quick::kind).toArray();
        setHasClass = new boolean[sets.size()][classes];
        for (int set = 0; set < sets.size(); set++)
            for (int c = 0; c < classes; c++) setHasClass[set][c] = sets.get(set).has(samples.get(c));
        for (int c = 0; c < 128; c++) ascii[c] = (byte) found((char) c);
    }

    private static int kind(int c) {
        return Units.WORD.has(c) ? WORD : c == '\n' ? NEWLINE : OTHER;
    }

    private int node(int type, int value, int first, int second) {
        if (nodes.size() >= NODES_MAX) throw new PatternTree.Unread("too long");
        nodes.add(new int[] {type, value, first, second});
        return nodes.size() - 1;
    }

    /// The tree as nodes that lead to `next`.
    private int made(PatternTree tree, int next) {
        return switch (tree) {
            case PatternTree.One(var units) ->
                node(TAKE, setNumbers.computeIfAbsent(units, _ -> setNumbers.size()), next, next);
            case PatternTree.At(var edge) -> node(EDGE, edge.ordinal(), next, next);
            case PatternTree.Sequence(var parts) -> {
                int on = next;
                for (var part : parts.reversed()) on = made(part, on);
                yield on;
            }
            case PatternTree.Either(var parts) -> {
                int on = made(parts.getLast(), next);
                for (var part : parts.reversed().subList(1, parts.size())) on = node(WAY, 0, made(part, next), on);
                yield on;
            }
            case PatternTree.Repeated(var part, int least, int most) -> {
                int on = next;
                if (most < 0) {
                    int loop = node(WAY, 0, next, next);
                    nodes.get(loop)[2] = made(part, loop);
                    on = loop;
                } else for (int i = least; i < most; i++) on = node(WAY, 0, made(part, on), next);
                for (int i = 0; i < least; i++) on = made(part, on);
                yield on;
            }
        };
    }

    private int classOf(char c) {
        if (c < 128) return ascii[c];
        // Two threads may fill the same page; they write the same.
        var page = pages[c >> 8];
        if (page == null) pages[c >> 8] = page = page(c >> 8);
        return page[c & 0xFF];
    }

    private byte[] page(int number) {
        var page = new byte[256];
        for (int i = 0; i < 256; i++) page[i] = (byte) found((char) (number << 8 | i));
        return page;
    }

    private int found(char c) {
        int at = Arrays.binarySearch(boundaries, c);
        return classOfBoundary[at >= 0 ? at : -at - 2];
    }

    /// False only if the pattern occurs nowhere in `[from, to)`, taken as a text of its own.
    boolean mayMatch(String text, int from, int to) {
        var made = new Made();
        var state = begin(made);
        for (int i = from; i < to; i++) {
            int letter = classOf(text.charAt(i));
            var next = state.next[letter];
            if (next == null) state.next[letter] = next = step(state, letter, made);
            if (next == MATCHED || made.count > MADE_MAX) return true;
            state = next;
        }
        var last = state.next[classes];
        if (last == null) state.next[classes] = last = step(state, classes, made);
        return last == MATCHED;
    }

    /// True if a match that began in `[from, to)` may end behind it, or has ended in it.
    boolean isOpen(String text, int from, int to) {
        var made = new Made();
        var state = begin(made);
        for (int i = from; i < to; i++) {
            int letter = classOf(text.charAt(i));
            var next = state.next[letter];
            if (next == null) state.next[letter] = next = step(state, letter, made);
            if (next == MATCHED || made.count > MADE_MAX) return true;
            state = next;
        }
        return state.nodes.length > 0;
    }

    /// All that can be reached without a character is gone through when the next one is known: edges ask for it.
    private State step(State state, int letter, Made made) {
        int after = letter == classes ? NO_CHARACTER : kindOfClass[letter];
        var seen = new boolean[nodes.size()];
        var stack = new int[nodes.size()];
        // A match may begin at every character.
        int depth = push(stack, 0, start, seen);
        for (int node : state.nodes) depth = push(stack, depth, node, seen);
        var taken = new java.util.TreeSet<Integer>();
        while (depth > 0) {
            var node = nodes.get(stack[--depth]);
            switch (node[0]) {
                case END -> {
                    return MATCHED;
                }
                case TAKE -> {
                    if (letter < classes && setHasClass[node[1]][letter]) taken.add(node[2]);
                }
                case EDGE -> {
                    if (holds(node[1], state.before, after)) depth = push(stack, depth, node[2], seen);
                }
                default -> {
                    depth = push(stack, depth, node[2], seen);
                    depth = push(stack, depth, node[3], seen);
                }
            }
        }
        return state(taken.stream().mapToInt(it -> it).toArray(), after, made);
    }

    /// Each node once, so that the stack has room for all.
    private static int push(int[] stack, int depth, int node, boolean[] seen) {
        if (seen[node]) return depth;
        seen[node] = true;
        stack[depth] = node;
        return depth + 1;
    }

    private static boolean holds(int edge, int before, int after) {
        return switch (PatternTree.Edge.values()[edge]) {
            case BEGIN -> before == NO_CHARACTER;
            case END -> after == NO_CHARACTER;
            case LINE_BEGIN -> before == NO_CHARACTER || before == NEWLINE;
            case LINE_END -> after == NO_CHARACTER || after == NEWLINE;
            case WORD -> (before == WORD) != (after == WORD);
            case NO_WORD -> (before == WORD) == (after == WORD);
        };
    }

    private State begin(Made made) {
        var known = begin;
        if (known == null) begin = known = state(new int[0], NO_CHARACTER, made);
        return known;
    }

    private synchronized State state(int[] at, int before, Made made) {
        var key = new Key(Arrays.stream(at).boxed().toList(), before);
        var known = states.get(key);
        if (known != null) return known;
        made.count++;
        if (states.size() >= STATES_MAX) {
            states = new HashMap<>();
            // What hangs on it is forgotten too.
            begin = null;
        }
        var fresh = new State(at, before, classes);
        states.put(key, fresh);
        return fresh;
    }
}
