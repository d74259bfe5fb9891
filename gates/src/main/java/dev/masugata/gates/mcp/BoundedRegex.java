package dev.masugata.gates.mcp;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Patterns of a schema, with an end: the schema comes from a server and the text from an agent, so a pattern that
/// backtracks without end must not take a thread with it. Every character looked at costs one step.
final class BoundedRegex implements RegularExpressionFactory {
    /// Characters that one match may look at.
    static final long STEPS_MAX = 1_000_000;

    /// A pattern took more than its steps, or cannot be read: the value does not count as valid.
    static final class Unbounded extends RuntimeException {
        Unbounded(String message) {
            super(message);
        }
    }

    @Override
    public RegularExpression getRegularExpression(String regex) {
        try {
            var pattern = Pattern.compile(regex);
            return text -> pattern.matcher(new Counted(text, new long[] {STEPS_MAX})).find();
        } catch (PatternSyntaxException unreadable) {
            throw new Unbounded("the schema's pattern cannot be read");
        }
    }

    private record Counted(CharSequence text, long[] left) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) throw new Unbounded("the schema's pattern takes too long on this value");
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
