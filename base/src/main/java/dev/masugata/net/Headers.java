package dev.masugata.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The fields of a message's head (RFC 9110 section 5): order kept, names without regard to case. Immutable.
///
/// A field that exists is valid: no value can hold a line break, so nothing built from these can be split into two
/// messages.
public final class Headers implements Iterable<Headers.Field> {
    /// One field.
    ///
    /// @param name a token of RFC 9110 section 5.6.2
    /// @param value visible characters, spaces and tabs, each at most U+00FF, without white space around it
    public record Field(String name, String value) {
        public Field {
            if (!Tokens.isToken(name)) throw new IllegalArgumentException("a header name must be a token");
            if (!isValue(value))
                throw new IllegalArgumentException("the value of header `" + name + "` is not allowed");
        }

        private static boolean isValue(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                boolean edge = i == 0 || i == value.length() - 1;
                if (c == ' ' || c == '\t' ? edge : c < 0x20 || c == 0x7F || c > 0xFF) return false;
            }
            return true;
        }

        /// The name only: values may be secrets.
        @Override
        public String toString() {
            return name;
        }
    }

    public static final Headers EMPTY = new Headers(List.of());

    /// RFC 9110 section 7.6.1: what belongs to one connection, with what says where a message ends.
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "expect",
            "http2-settings");

    private final List<Field> fields;

    private Headers(List<Field> fields) {
        this.fields = fields;
    }

    /// Fields from names and values in turn.
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) throw new IllegalArgumentException("a header has a name and a value");
        var fields = new ArrayList<Field>(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2)
            fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
        return new Headers(List.copyOf(fields));
    }

    static Headers of(List<Field> fields) {
        return new Headers(List.copyOf(fields));
    }

    /// The value of the only field of that name; none if there is none or more than one.
    public Optional<String> one(String name) {
        var all = all(name);
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    /// The value of the first field of that name.
    public Optional<String> first(String name) {
        for (var field : fields) if (field.name.equalsIgnoreCase(name)) return Optional.of(field.value);
        return Optional.empty();
    }

    /// The values of all fields of that name, in order.
    public List<String> all(String name) {
        List<String> found = List.of();
        for (var field : fields) {
            if (!field.name.equalsIgnoreCase(name)) continue;
            if (found.isEmpty()) found = new ArrayList<>(2);
            found.add(field.value);
        }
        return found;
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /// True if one of the comma-separated elements of these fields is the token, without regard to case.
    public boolean hasToken(String name, String token) {
        for (var value : all(name))
            for (var element : value.split(",")) if (element.strip().equalsIgnoreCase(token)) return true;
        return false;
    }

    /// These fields with exactly one of that name, at the end.
    public Headers with(String name, String value) {
        return without(name).plus(name, value);
    }

    /// These fields and one more.
    public Headers plus(String name, String value) {
        var copy = new ArrayList<>(fields);
        copy.add(new Field(name, value));
        return new Headers(List.copyOf(copy));
    }

    public Headers without(String name) {
        if (!has(name)) return this;
        return new Headers(fields.stream()
                .filter(field -> !field.name.equalsIgnoreCase(name))
                .toList());
    }

    /// What a gate may pass on: without the fields that belong to one connection, those that `Connection` names, and
    /// those that frame the body, which each side writes itself.
    public Headers endToEnd() {
        var named = all("connection").stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(token -> token.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return new Headers(fields.stream()
                .filter(field -> {
                    var name = field.name.toLowerCase(Locale.ROOT);
                    return !HOP_BY_HOP.contains(name) && !named.contains(name);
                })
                .toList());
    }

    /// The first field that belongs to one connection, if there is one.
    @Nullable
    String firstHopByHop() {
        for (var field : fields) if (HOP_BY_HOP.contains(field.name.toLowerCase(Locale.ROOT))) return field.name;
        return null;
    }

    public int size() {
        return fields.size();
    }

    @Override
    public Iterator<Field> iterator() {
        return fields.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers it && it.fields.equals(fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /// The names only.
    @Override
    public String toString() {
        return fields.toString();
    }
}
