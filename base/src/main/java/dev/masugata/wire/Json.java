package dev.masugata.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A JSON value (RFC 8259), immutable. What is judged is this tree, and what leaves is written from it.
///
/// A value that came from [JsonReader] remembers the bytes it was read from, so that the parts nobody
/// touched leave exactly as they came; a value made or changed here has none and is written afresh.
/// Equality looks at the meaning only, never at the remembered bytes.
public sealed interface Json {

    /// The bytes this value was read from, if it came from outside and was not changed since.
    @Nullable
    Slice source();

    /// An object. Members keep their order; names are unique.
    record Obj(Map<String, Json> members, @Nullable Slice source) implements Json {
        public Obj {
            if (!(members instanceof Members)) members = new Members(new LinkedHashMap<>(members));
        }

        /// The member, if it is there.
        public Optional<Json> at(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /// The member if it is there and a string.
        public Optional<String> string(String name) {
            return members.get(name) instanceof Str(var value, _) ? Optional.of(value) : Optional.empty();
        }

        /// The member if it is there and an object, else an empty object.
        public Obj object(String name) {
            return members.get(name) instanceof Obj it ? it : EMPTY;
        }

        /// The items if the member is there and an array, else none.
        public List<Json> items(String name) {
            return members.get(name) instanceof Arr(var items, _) ? items : List.of();
        }

        /// The member if it is there and a whole number that fits a long.
        public Optional<Long> integer(String name) {
            return members.get(name) instanceof Num it ? it.asLong() : Optional.empty();
        }

        /// True if the member is there and `true`.
        public boolean isTrue(String name) {
            return members.get(name) instanceof Bool(var value) && value;
        }

        /// This object with one member set; the others keep their bytes.
        public Obj with(String name, Json value) {
            var copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy, null);
        }

        public Obj with(String name, String value) {
            return with(name, new Str(value));
        }

        public Obj with(String name, long value) {
            return with(name, Json.of(value));
        }

        /// This object without one member; itself if there is none of that name.
        public Obj without(String name) {
            if (!members.containsKey(name)) return this;
            var copy = new LinkedHashMap<>(members);
            copy.remove(name);
            return new Obj(copy, null);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Obj it && it.members.equals(members);
        }

        @Override
        public int hashCode() {
            return members.hashCode();
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /// An array.
    record Arr(List<Json> items, @Nullable Slice source) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        public Arr(List<? extends Json> items) {
            this(List.copyOf(items), null);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Arr it && it.items.equals(items);
        }

        @Override
        public int hashCode() {
            return items.hashCode();
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /// A string: Unicode scalar values only, no lone surrogate.
    record Str(String value, @Nullable Slice source) implements Json {
        public Str {
            // The reader has already looked; what is made here would leave as a question mark.
            if (source == null && !isWellFormed(value))
                throw new IllegalArgumentException("a string must not hold half a surrogate pair");
        }

        public Str(String value) {
            this(value, null);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Str it && it.value.equals(value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /// A number, kept as it was written. It is the same number to a reader that uses doubles: a literal that is
    /// not, or is none of RFC 8259, is refused.
    record Num(String literal) implements Json {
        public Num {
            if (Decimal.check(literal) != Decimal.Verdict.KEEPS)
                throw new IllegalArgumentException("not a number of JSON, or one that changes as a double");
        }

        @Override
        public @Nullable Slice source() {
            return null;
        }

        /// The value if it is a whole number that fits a long.
        public Optional<Long> asLong() {
            try {
                return Optional.of(new java.math.BigDecimal(literal).longValueExact());
            } catch (ArithmeticException notWhole) {
                return Optional.empty();
            }
        }

        public java.math.BigDecimal asDecimal() {
            return new java.math.BigDecimal(literal);
        }

        /// `1`, `1.0` and `1e0` are one number.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Num it
                    && (it.literal.equals(literal) || it.asDecimal().compareTo(asDecimal()) == 0);
        }

        @Override
        public int hashCode() {
            return Double.hashCode(Double.parseDouble(literal) + 0.0); // -0.0 + 0.0 is 0.0
        }

        @Override
        public String toString() {
            return literal;
        }
    }

    /// `true` or `false`.
    record Bool(boolean value) implements Json {
        @Override
        public @Nullable Slice source() {
            return null;
        }

        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /// `null`.
    record Null() implements Json {
        @Override
        public @Nullable Slice source() {
            return null;
        }

        @Override
        public String toString() {
            return "null";
        }
    }

    /// Where in which bytes a value stood: `[from, to)`. Only the reader makes one.
    final class Slice {
        private final byte[] bytes;
        private final int from;
        private final int to;

        Slice(byte[] bytes, int from, int to) {
            Objects.checkFromToIndex(from, to, bytes.length);
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        byte[] bytes() {
            return bytes;
        }

        public int from() {
            return from;
        }

        public int to() {
            return to;
        }
    }

    Obj EMPTY = new Obj(Map.of(), null);
    Null NULL = new Null();
    Bool TRUE = new Bool(true);
    Bool FALSE = new Bool(false);

    static Json of(String value) {
        return new Str(value);
    }

    /// A whole number; beyond 2^53 only those that a double holds ([Num]): write others as a string.
    static Json of(long value) {
        return new Num(Long.toString(value));
    }

    static Json of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Arr strings(Iterable<String> values) {
        var items = new ArrayList<Json>();
        values.forEach(value -> items.add(new Str(value)));
        return new Arr(items);
    }

    /// An object with one member; more by [Obj#with].
    static Obj object(String name, Json value) {
        return EMPTY.with(name, value);
    }

    static Obj object(String name, String value) {
        return EMPTY.with(name, value);
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
            if (!pair) return false;
            i++;
        }
        return true;
    }
}
