package dev.masugata.sandbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The difference of two texts in the unified form of diff(1), after Myers, "An O(ND) Difference Algorithm" (1986).
final class UnifiedDiff {
    /// More edits than this are shown as one block replaced: the memory is the square of it.
    static final int EDITS = 2_000;

    private static final int CONTEXT = 3;

    private final List<String> old;
    private final List<String> now;
    private final boolean[] deleted;
    private final boolean[] added;

    private UnifiedDiff(List<String> old, List<String> now) {
        this.old = old;
        this.now = now;
        this.deleted = new boolean[old.size()];
        this.added = new boolean[now.size()];
    }

    /// The hunks, without the two lines of names; a line's end is not part of it, but a missing last one is told.
    static List<String> hunks(String old, String now) {
        var diff = new UnifiedDiff(lines(old), lines(now));
        diff.compare();
        return diff.write();
    }

    private static List<String> lines(String text) {
        if (text.isEmpty()) return List.of();
        var parts = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        // A text that ends its last line splits into one empty part more; one that does not is marked.
        var last = parts.removeLast();
        if (!last.isEmpty()) parts.add(last + "\n");
        return parts;
    }

    private void compare() {
        int start = 0;
        while (start < old.size() && start < now.size() && old.get(start).equals(now.get(start))) start++;
        int oldEnd = old.size();
        int newEnd = now.size();
        while (oldEnd > start && newEnd > start && old.get(oldEnd - 1).equals(now.get(newEnd - 1))) {
            oldEnd--;
            newEnd--;
        }
        Arrays.fill(deleted, start, oldEnd, true);
        Arrays.fill(added, start, newEnd, true);
        shortest(start, oldEnd, newEnd);
    }

    /// Unmarks what is common in the middle. `furthest[k]` is how far the diagonal `k` was followed in the old text.
    private void shortest(int start, int oldEnd, int newEnd) {
        int n = oldEnd - start;
        int m = newEnd - start;
        int most = Math.min(n + m, EDITS);
        List<int[]> trace = new ArrayList<>();
        var furthest = new int[2 * most + 3];
        int middle = most + 1;
        for (int d = 0; d <= most; d++) {
            trace.add(Arrays.copyOfRange(furthest, middle - d - 1, middle + d + 2));
            for (int k = -d; k <= d; k += 2) {
                boolean down = k == -d || k != d && furthest[middle + k - 1] < furthest[middle + k + 1];
                int x = down ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
                while (x < n && x - k < m && old.get(start + x).equals(now.get(start + x - k))) x++;
                furthest[middle + k] = x;
                if (x >= n && x - k >= m) {
                    unmark(trace, start, n, m);
                    return;
                }
            }
        }
    }

    private void unmark(List<int[]> trace, int start, int n, int m) {
        int x = n;
        int y = m;
        for (int d = trace.size() - 1; d >= 0; d--) {
            var before = trace.get(d);
            int k = x - y;
            boolean down = k == -d || k != d && before[k - 1 + d + 1] < before[k + 1 + d + 1];
            int fromK = down ? k + 1 : k - 1;
            int fromX = d == 0 ? 0 : before[fromK + d + 1];
            int fromY = d == 0 ? 0 : fromX - fromK;
            while (x > fromX && y > fromY) {
                deleted[start + --x] = false;
                added[start + --y] = false;
            }
            x = fromX;
            y = fromY;
        }
    }

    private List<String> write() {
        List<String> out = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (!changedAt(i, j)) {
                i++;
                j++;
                continue;
            }
            int skip = Math.min(CONTEXT, i);
            int[] ends = hunk(out, i - skip, j - skip);
            i = ends[0];
            j = ends[1];
        }
        return out;
    }

    private boolean changedAt(int i, int j) {
        return i < old.size() && deleted[i] || j < now.size() && added[j];
    }

    /// Writes the hunk that begins there and says where it ends.
    private int[] hunk(List<String> out, int oldStart, int newStart) {
        List<String> body = new ArrayList<>();
        int i = oldStart;
        int j = newStart;
        int same = 0;
        int kept = 0;
        while ((i < old.size() || j < now.size()) && (same <= 2 * CONTEXT || changedAt(i, j))) {
            if (changedAt(i, j)) {
                if (i < old.size() && deleted[i]) line(body, '-', old.get(i++));
                else line(body, '+', now.get(j++));
                same = 0;
            } else {
                line(body, ' ', old.get(i++));
                j++;
                same++;
            }
            if (same <= CONTEXT) kept = body.size();
        }
        body.subList(kept, body.size()).clear();
        int trailing = Math.min(CONTEXT, same);
        int oldCount = i - same + trailing - oldStart;
        int newCount = j - same + trailing - newStart;
        out.add("@@ -" + range(oldStart, oldCount) + " +" + range(newStart, newCount) + " @@");
        out.addAll(body);
        return new int[] {i, j};
    }

    private static String range(int start, int count) {
        var first = count == 0 ? start : start + 1;
        return count == 1 ? Integer.toString(first) : first + "," + count;
    }

    private static void line(List<String> body, char mark, String text) {
        var open = text.endsWith("\n");
        body.add(mark + Visible.text(open ? text.substring(0, text.length() - 1) : text));
        if (open) body.add("\\ No newline at end of file");
    }
}
