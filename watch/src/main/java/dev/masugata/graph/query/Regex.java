package dev.masugata.graph.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.masugata.graph.GraphLimits;

/// Regular expressions of questions: RE2's, which take linear time whatever the text is.
final class Regex {
    private Regex() {}

    static void check(Token at, String expression) {
        if (expression.length() > GraphLimits.REGEX_CHARS_MAX)
            throw Tokens.wrong(at, "a regular expression has at most " + GraphLimits.REGEX_CHARS_MAX + " characters");
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException wrong) {
            throw Tokens.wrong(at, "the regular expression cannot be read: " + wrong.getDescription());
        }
    }
}
