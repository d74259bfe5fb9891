package dev.masugata.wire;

import dev.masugata.wire.JsonException.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads JSON (RFC 8259, UTF-8) in one pass, and refuses what two readers could understand differently:
/// see [JsonException.Code]. What it returns means the same to every conforming reader.
public final class JsonReader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private final Limits limits;
    private int at;
    private int depth;
    private int values;

    private JsonReader(byte[] bytes, int from, int to, Limits limits) {
        this.bytes = bytes;
        this.start = from;
        this.at = from;
        this.end = to;
        this.limits = limits;
    }

    /// The one value that the bytes hold. The tree keeps the array: it must not be changed afterwards.
    ///
    /// @throws JsonException when it is not one, or one of those that are refused
    public static Json read(byte[] bytes, Limits limits) {
        return read(bytes, 0, bytes.length, limits);
    }

    /// As [#read(byte[], Limits)], of `[from, to)`; offsets in errors count from `from`.
    public static Json read(byte[] bytes, int from, int to, Limits limits) {
        Objects.checkFromToIndex(from, to, bytes.length);
        return new JsonReader(bytes, from, to, limits).document();
    }

    private Json document() {
        if (end - start > limits.bytes()) throw error(Code.LIMIT, "more than " + limits.bytes() + " bytes", start);
        if (end - start >= 3
                && bytes[at] == (byte) 0xEF
                && bytes[at + 1] == (byte) 0xBB
                && bytes[at + 2] == (byte) 0xBF) throw error(Code.BYTE_ORDER_MARK, "byte order mark", at);
        var value = value(next());
        skipSpace();
        if (at < end) throw error(Code.TRAILING, "something follows the value", at);
        return value;
    }

    /// `first` is the byte under the cursor.
    private Json value(byte first) {
        if (++values > limits.values()) throw error(Code.LIMIT, "more than " + limits.values() + " values", at);
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> {
                int from = at;
                yield new Json.Str(string(), new Json.Slice(bytes, from, at));
            }
            case 't' -> word("true", Json.TRUE);
            case 'f' -> word("false", Json.FALSE);
            case 'n' -> word("null", Json.NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw error(Code.SYNTAX, "expected a value", at);
        };
    }

    private Json object() {
        int from = enter();
        var members = new LinkedHashMap<String, Json>(8);
        Set<String> folded = null;
        byte c = next();
        if (c != '}') {
            for (; ; ) {
                if (c != '"') throw error(Code.SYNTAX, "expected a name in double quotes", at);
                if (members.size() == limits.members()) throw tooMany("members");
                int nameAt = at;
                var name = string();
                folded = distinct(name, nameAt, members, folded);
                if (next() != ':') throw error(Code.SYNTAX, "expected `:`", at);
                at++;
                if (members.put(name, value(next())) != null)
                    throw error(Code.DUPLICATE_NAME, "an object has one name twice; the second", nameAt);
                c = next();
                if (c == '}') break;
                if (c != ',') throw error(Code.SYNTAX, "expected `,` or `}`", at);
                at++;
                c = next();
            }
        }
        at++;
        depth--;
        return new Json.Obj(new Members(members), new Json.Slice(bytes, from, at));
    }

    /// Compares folded names from the first name on that does not fold to itself; before it, equal is enough.
    private @Nullable Set<String> distinct(
            String name, int nameAt, LinkedHashMap<String, Json> before, @Nullable Set<String> folded) {
        boolean plain = Names.isPlain(name);
        var form = plain ? name : Names.fold(name);
        if (form.equals("__proto__")) throw error(Code.FORBIDDEN_NAME, "the name `__proto__`", nameAt);
        if (plain && folded == null) return null;
        if (folded == null) folded = new HashSet<>(before.keySet());
        if (!folded.add(form) && !before.containsKey(name))
            throw error(Code.CONFUSABLE_NAME, "two names differ only in case or form; the second", nameAt);
        return folded;
    }

    private Json array() {
        int from = enter();
        var items = new ArrayList<Json>();
        byte c = next();
        if (c != ']') {
            for (; ; ) {
                if (items.size() == limits.members()) throw tooMany("items");
                items.add(value(c));
                c = next();
                if (c == ']') break;
                if (c != ',') throw error(Code.SYNTAX, "expected `,` or `]`", at);
                at++;
                c = next();
            }
        }
        at++;
        depth--;
        return new Json.Arr(items, new Json.Slice(bytes, from, at));
    }

    private int enter() {
        if (++depth > limits.depth()) throw error(Code.LIMIT, "nested deeper than " + limits.depth(), at);
        return at++;
    }

    private Json word(String word, Json value) {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at == end) throw truncated();
            if (bytes[at] != word.charAt(i)) throw error(Code.SYNTAX, "expected `" + word + "`", at);
        }
        return value;
    }

    private Json number() {
        int from = at;
        while (at < end && isNumberByte(bytes[at])) at++;
        if (at - from > limits.numberChars())
            throw error(Code.LIMIT, "a number of more than " + limits.numberChars() + " characters", from);
        var text = latin(from, at);
        return switch (Decimal.check(text)) {
            case KEEPS -> new Json.Num(text);
            case CHANGES -> throw error(Code.NUMBER_CHANGES, "a number that changes when read as a double", from);
            case SYNTAX -> throw error(Code.SYNTAX, "not a number", from);
        };
    }

    private static boolean isNumberByte(byte b) {
        return (b >= '0' && b <= '9') || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
    }

    /// The string under the cursor, which stands on its opening quote and ends after the closing one.
    private String string() {
        int from = ++at;
        boolean ascii = true;
        boolean escaped = false;
        for (; ; ) {
            if (at >= end) throw truncated();
            byte b = bytes[at];
            if (b == '"') break;
            if (b >= 0x20 && b != '\\') {
                at++;
            } else if (b < 0) {
                ascii = false;
                at += Utf8.sequence(bytes, at, end, start);
            } else if (b == '\\') {
                escaped = true;
                at += 2; // what is escaped is checked below; only a quote must not end the string here
            } else throw error(Code.SYNTAX, "a control character in a string", at);
        }
        if (at - from > limits.stringBytes())
            throw error(Code.LIMIT, "a string of more than " + limits.stringBytes() + " bytes", from);
        int to = at++;
        if (escaped) return Escapes.resolve(bytes, from, to, start);
        return ascii ? latin(from, to) : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private String latin(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// The next byte that is no white space; the cursor stays on it.
    private byte next() {
        skipSpace();
        if (at >= end) throw truncated();
        return bytes[at];
    }

    private void skipSpace() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') return;
            at++;
        }
    }

    private JsonException truncated() {
        return error(Code.TRUNCATED, "the document ends too early", end);
    }

    private JsonException tooMany(String what) {
        return error(Code.LIMIT, "more than " + limits.members() + " " + what, at);
    }

    private JsonException error(Code code, String what, int where) {
        return new JsonException(code, where - start, what);
    }
}
