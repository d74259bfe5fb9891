package dev.masugata.graph.query;

import com.google.re2j.Pattern;
import java.util.List;

/// A statement for the store: only `SELECT`, every value a parameter.
///
/// @param regexes what its function `matches(number, text)` looks up by number
record Compiled(String sql, List<Object> parameters, List<Pattern> regexes) {
    boolean matches(int number, String text) {
        return text != null && regexes.get(number).matches(text);
    }
}
