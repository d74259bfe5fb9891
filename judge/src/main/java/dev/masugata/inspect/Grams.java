package dev.masugata.inspect;

/// A text as hashed features, a block of it at a time: what [LinearModel] adds up.
///
/// before -> after: `Ignore  it` -> the buckets of `ign`, `igno`, `ignor`, `gno`, ..., of the words `ignore`, `it`, and
/// of the pair of both. Letters are lowered, white space is one space, digits are one digit; scripts without spaces
/// give one, two and three characters instead of three to five. Features of a word stand in the block where it ends.
public final class Grams {
    /// Buckets as a power of two; more than one feature may share one.
    public static final int BITS = 18;

    public static final int BUCKETS = 1 << BITS;

    /// Normalised characters of one block.
    public static final int BLOCK = 32;

    /// A repeated character says no more than that it is repeated.
    private static final int RUN_MAX = 3;

    private static final int WORD_SEED = 0x2F0B4C47;
    private static final int WIDE = 0x2E80;

    /// Odd, chosen at random.
    private static final int THREE = 0x5846CA6B;
    private static final int FOUR = 0x6C8E9CF5;
    private static final int FIVE = 0x3B9F1E0D;
    private static final int[] MULTIPLIERS = {
        1, 0x2C1B3C6D, 0x297A2D39, 0x7FEB352D, THREE, FOUR, FIVE, 0x51A7F2B3, 0x74D1C62F
    };

    private static final byte[] PLAIN = plain();

    /// What is read, and where in the text it begins.
    private final char[] text;
    private final int base;
    private final int end;
    private final int[] buckets = new int[BLOCK * 5 + 4];
    private int at;
    private int from;
    private int count;

    // The four characters before the present one, and the words before the present one.
    private int c1 = ' ';
    private int c2 = ' ';
    private int c3 = ' ';
    private int c4 = ' ';
    private int run;
    private int word;
    private int lastWord;

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
        // On the stack for a block: this loop is most of what inspection costs.
        int a = c1;
        int b = c2;
        int c = c3;
        int d = c4;
        for (int taken = 0; taken < BLOCK && at < end; ) {
            char given = text[at++];
            int now = given < 128 && PLAIN[given] != 0 ? PLAIN[given] : other(given);
            if (now == a) {
                if (now == ' ' || ++run >= RUN_MAX) continue;
            } else run = 0;
            taken++;
            take(now, a, b, c, d);
            d = c;
            c = b;
            b = a;
            a = now;
        }
        c1 = a;
        c2 = b;
        c3 = c;
        c4 = d;
        if (at >= end) endOfWord();
        return true;
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
    private static byte[] plain() {
        var plain = new byte[128];
        for (char c = 0; c < 128; c++) {
            boolean digit = c >= '0' && c <= '9';
            plain[c] = (byte) (c <= ' ' ? ' ' : c == '\\' ? 0 : digit ? '0' : Character.toLowerCase(c));
        }
        return plain;
    }

    /// An escape for white space, as JSON and programs write it, is white space.
    private int other(char c) {
        if (c == '\\') {
            if (at >= end || !isEscape(text[at])) return c;
            at++;
            return ' ';
        }
        if (c == 0x3000 || c == 0xA0) return ' ';
        return Character.toLowerCase(c);
    }

    private static boolean isEscape(char c) {
        return c == 'n' || c == 'r' || c == 't';
    }

    /// @param a the character before, `b` the one before that, and so on
    private void take(int now, int a, int b, int c, int d) {
        int two = now * 0x9E3779B1 + a * 0x85EBCA77;
        int three = two + b * 0xC2B2AE3D;
        if (now >= WIDE && isWide(now)) {
            endOfWord();
            add(now * 0x9E3779B1, 1);
            if (isWide(a)) {
                add(two, 2);
                if (isWide(b)) add(three, 3);
            }
            return;
        }
        int four = three + c * 0x27D4EB2F;
        int five = four + d * 0x165667B1;
        int at = count;
        var into = buckets;
        into[at] = (three ^ three >>> 15) * THREE >>> 32 - BITS;
        into[at + 1] = (four ^ four >>> 15) * FOUR >>> 32 - BITS;
        into[at + 2] = (five ^ five >>> 15) * FIVE >>> 32 - BITS;
        count = at + 3;
        if (isLetter(now) || now == '0') word = (word == 0 ? WORD_SEED : word) * 0x01000193 ^ now;
        else endOfWord();
    }

    private void endOfWord() {
        if (word == 0) return;
        add(word, 7);
        add(word * 0x9E3779B1 + lastWord, 8);
        lastWord = word;
        word = 0;
    }

    /// Each kind of feature has its own multiplier, so equal sums of two kinds fall apart.
    private void add(int sum, int kind) {
        int h = (sum ^ sum >>> 15) * MULTIPLIERS[kind];
        buckets[count++] = h >>> 32 - BITS;
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 128 && Character.isLetter(c);
    }

    /// Scripts written without spaces: Japanese, Chinese, Korean, and what stands outside of the basic plane.
    static boolean isWide(int c) {
        return c >= 0x2E80 && c < 0xE000 || c >= 0xF900 && c <= 0xFAFF || c >= 0xFF00;
    }
}
