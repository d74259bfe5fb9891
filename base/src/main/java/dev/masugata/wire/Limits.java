package dev.masugata.wire;

/// How much JSON one reading takes. What exceeds a limit is refused with [JsonException.Code#LIMIT].
///
/// @param bytes length of the document
/// @param depth nested objects and arrays
/// @param members members of one object, or items of one array
/// @param values values of every kind in the whole document
/// @param stringBytes bytes of one string or name, between its quotes, as written
/// @param numberChars characters of one number
public record Limits(int bytes, int depth, int members, int values, int stringBytes, int numberChars) {
    public static final int BYTES = 4 * 1024 * 1024;
    public static final int DEPTH = 128;
    public static final int MEMBERS = 20_000;
    public static final int VALUES = 200_000;
    public static final int STRING_BYTES = BYTES;
    public static final int NUMBER_CHARS = 128;

    /// The reader descends once for each level; a deeper limit could overflow the stack.
    public static final int DEEPEST = 512;

    public static final Limits DEFAULT = new Limits(BYTES, DEPTH, MEMBERS, VALUES, STRING_BYTES, NUMBER_CHARS);

    public Limits {
        if (bytes < 1 || depth < 1 || members < 1 || values < 1 || stringBytes < 1 || numberChars < 1)
            throw new IllegalArgumentException("each limit must be at least 1");
        if (depth > DEEPEST) throw new IllegalArgumentException("depth must be at most " + DEEPEST);
    }

    /// These limits for documents of another size.
    public Limits withBytes(int most) {
        return new Limits(most, depth, members, values, stringBytes, numberChars);
    }
}
