package dev.masugata.inspect;

import java.util.Arrays;

/// A text as hashed features, a block of it at a time: what [LinearModel] adds up.
///
/// before -> after: `Ignore  it` -> the buckets of `ign`, `igno`, `ignor`, `gno`, ..., of the words `ignore`, `it`, and
/// of the pair of both. Letters are lowered, white space is one space, digits are one digit; scripts without spaces
/// give one, two and three characters instead of three to five. Features of a word stand in the block where it ends.
public final class Grams {
    /// Buckets as a power of two; more than one feature may share one.
    public static final int BITS = 16;

    public static final int BUCKETS = 1 << BITS;

    /// Normalised characters of one block.
    public static final int BLOCK = 32;

    /// A repeated character says no more than that it is repeated.
    private static final int RUN_MAX = 3;

    /// Characters before the present one are remembered in so many bits each: ASCII as it is, others folded together.
    private static final int CHARACTER_BITS = 12;
    private static final int CHARACTER_MASK = (1 << CHARACTER_BITS) - 1;
    private static final int FOREIGN = 1 << CHARACTER_BITS - 1;

    private static final long THREE_MASK = (1L << 3 * CHARACTER_BITS) - 1;
    private static final long FIVE_MASK = (1L << 5 * CHARACTER_BITS) - 1;

    /// Odd, chosen at random: each kind of feature has its own, so equal sums of two kinds fall apart.
    private static final long THREE = 0x9E3779B97F4A7C15L;
    private static final long FIVE = 0x8CB92BA72F3D8DD7L;
    private static final long WIDE_ONE = 0xAAAAAAAAAAAAAAABL;
    private static final long WIDE_TWO = 0xC2B2AE3D27D4EB4FL;
    private static final long WIDE_THREE = 0x165667B19E3779F9L;
    private static final long LETTER = 0x100000001B3L;
    private static final long WORD = 0x9FB21C651E98DF25L;
    private static final long PAIR = 0xA0761D6478BD642FL;

    private static final byte[] PLAIN = plainCharacters();
    private static final byte[] IN_WORD = inWord();

    /// What is read, and where in the text it begins.
    private final char[] text;
    private final int base;
    private final int end;
    private final int[] buckets = new int[BLOCK * 4 + 8];
    private int at;
    private int from;
    private int taken;
    private int count;

    /// The characters before the present one, the last in the lowest bits.
    private long last = ' ';
    /// The wide characters in a row before the present one, whole.
    private long wide;
    private int run;
    private long word;
    private long lastWord;

    public Grams(CharSequence text) {
        this(text, 0, text.length());
    }

    public Grams(CharSequence text, int from, int to) {
        this.text = new char[to - from];
        this.base = from;
        this.end = to - from;
        if (text instanceof String whole) whole.getChars(from, to, this.text, 0);
        else for (int i = from; i < to; i++) this.text[i - from] = text.charAt(i);
    }

    /// Reads one block more.
    ///
    /// @return false if there was no text left
    public boolean next() {
        if (at >= end) return false;
        from = at;
        count = 0;
        taken = 0;
        while (taken < BLOCK && at < end) {
            plain();
            // Where one stands, more do.
            while (taken < BLOCK && at < end && (text[at] >= 128 || PLAIN[text[at]] == 0)) other(text[at++]);
        }
        if (at >= end) endOfWord();
        return true;
    }

    /// Takes the block that another reading has just read, if this one would read the same: it stands before the same
    /// characters, and behind what counts as the same.
    ///
    /// @param other where it stood before that block is `then`
    /// @return false if it would read something else: then nothing is read
    boolean nextLike(Grams other, Before then) {
        int length = other.at - other.from;
        boolean same = other.at < other.end && at + length < end && then.equals(before())
                && Arrays.equals(text, at, at + length, other.text, other.from, other.at);
        if (!same) return false;
        from = at;
        at += length;
        last = other.last;
        wide = other.wide;
        run = other.run;
        word = other.word;
        lastWord = other.lastWord;
        return true;
    }

    /// What of the text before decides how the next block reads.
    record Before(long last, long wide, int run, long word, long lastWord) {}

    Before before() {
        return new Before(last, wide, run, word, lastWord);
    }

    /// Characters of ASCII, up to one of another kind: this loop is most of what scoring costs.
    ///
    /// Where words end a processor cannot know, so nothing here branches on it: the features of a word are written at
    /// each character, and count where one has ended.
    private void plain() {
        var into = buckets;
        int to = count;
        int next = at;
        int left = BLOCK - taken;
        long before = last;
        long known = word;
        long knownBefore = lastWord;
        int same = run;
        while (left > 0 && next < end) {
            char given = text[next];
            int now = given < 128 ? PLAIN[given] : 0;
            if (now == 0) break;
            next++;
            if (now == (before & CHARACTER_MASK)) {
                if (now == ' ' || ++same >= RUN_MAX) continue;
            } else same = 0;
            left--;
            before = before << CHARACTER_BITS | now;
            into[to] = bucket((before & THREE_MASK) * THREE);
            into[to + 1] = bucket((before & FIVE_MASK) * FIVE);
            into[to + 2] = bucket(known * WORD);
            into[to + 3] = bucket((known * WORD + knownBefore) * PAIR);
            long goesOn = IN_WORD[now];
            long ends = ~goesOn & (known | -known) >> 63;
            to += 2 + (int) (ends & 2);
            knownBefore ^= (knownBefore ^ known) & ends;
            known = (known ^ now) * LETTER & goesOn;
        }
        if (left < BLOCK - taken) wide = 0;
        count = to;
        at = next;
        taken = BLOCK - left;
        last = before;
        word = known;
        lastWord = knownBefore;
        run = same;
    }

    /// A character that is none of ASCII, or may begin an escape.
    private void other(char given) {
        int now = folded(given);
        int kept = now < 128 ? now : FOREIGN | now & FOREIGN - 1;
        if (kept == (last & CHARACTER_MASK)) {
            if (now == ' ' || ++run >= RUN_MAX) return;
        } else run = 0;
        taken++;
        last = last << CHARACTER_BITS | kept;
        if (isWide(now)) {
            wide(now);
            return;
        }
        wide = 0;
        buckets[count++] = bucket((last & THREE_MASK) * THREE);
        buckets[count++] = bucket((last & FIVE_MASK) * FIVE);
        if (now >= 128 && Character.isLetter(now)) word = (word ^ now) * LETTER;
        else endOfWord();
    }

    /// In scripts without spaces one, two and three characters are features.
    private void wide(int now) {
        endOfWord();
        wide = wide << 16 | now;
        buckets[count++] = bucket(now * WIDE_ONE);
        if (wide >>> 16 != 0) buckets[count++] = bucket((wide & 0xFFFFFFFFL) * WIDE_TWO);
        if (wide >>> 32 != 0) buckets[count++] = bucket((wide & 0xFFFFFFFFFFFFL) * WIDE_THREE);
    }

    private void endOfWord() {
        if (word == 0) return;
        buckets[count++] = bucket(word * WORD);
        buckets[count++] = bucket((word * WORD + lastWord) * PAIR);
        lastWord = word;
        word = 0;
    }

    private static int bucket(long hash) {
        return (int) (hash >>> 64 - BITS);
    }

    /// Where the block begins in the text, in UTF-16 code units; it ends where the next one begins.
    public int from() {
        return base + from;
    }

    public int to() {
        return base + at;
    }

    /// The features of this block: the first [#count] of [#buckets], which the next block overwrites.
    public int[] buckets() {
        return buckets;
    }

    public int count() {
        return count;
    }

    /// Characters of ASCII as they count; 0 for the one that may begin an escape.
    private static byte[] plainCharacters() {
        var plain = new byte[128];
        for (char c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            plain[c] = (byte) (c <= ' ' ? ' ' : c == '\\' ? 0 : digit ? '0' : Character.toLowerCase(c));
        }
        return plain;
    }

    /// All bits for what words are made of, else none.
    private static byte[] inWord() {
        var inWord = new byte[128];
        for (char c = 0; c < 128; c++) inWord[c] = (byte) (c >= 'a' && c <= 'z' || c == '0' ? -1 : 0);
        return inWord;
    }

    /// An escape for white space, as JSON and programs write it, is white space.
    private int folded(char c) {
        if (c == '\\') {
            if (at >= end || !isEscape(text[at])) return c;
            at++;
            return ' ';
        }
        if (c == 0x3000 || c == 0xA0) return ' ';
        // Kanji, kana and their signs have one case, and are most of what comes here.
        if (c > 0x3000 && c < 0xA000) return c;
        return Character.toLowerCase(c);
    }

    private static boolean isEscape(char c) {
        return c == 'n' || c == 'r' || c == 't';
    }

    /// Scripts written without spaces: Japanese, Chinese, Korean, and what stands outside of the basic plane.
    static boolean isWide(int c) {
        return c >= 0x2E80 && c < 0xE000 || c >= 0xF900 && c <= 0xFAFF || c >= 0xFF00;
    }
}
