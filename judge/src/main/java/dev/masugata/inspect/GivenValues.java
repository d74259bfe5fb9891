package dev.masugata.inspect;

/// Says in a few looks that near a keyword no value is given to a name that says it is a secret; in doubt it says that
/// one may be.
///
/// The detections' pattern knows all forms of it; this knows what all of them have in common: a sign such as `=` or `:`
/// behind a name, an option, or the word `bearer`, and behind that a value that is long and mixed enough.
final class GivenValues {
    /// The words one of which is in such a name, in small letters. What is not of ASCII may be one.
    private static final String[] WORDS = {"pass", "pwd", "secret", "token", "key", "credential"};

    private static final int BLANKS_MOST = 8;
    private static final int SIGN_CHARS = 3;
    private static final int CLOSERS_MOST = 2;
    /// A word of those with what may stand behind it in the name.
    private static final int NAME_CHARS = 64;
    private static final String BEARER = "bearer";

    private GivenValues() {}

    /// @param value what a value must have
    static boolean mayStand(String text, int from, int to, Value value) {
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            boolean sign = isSign(c);
            if (!sign && !isBlank(c)) continue;
            int begin = at + 1;
            while (sign && begin <= at + BLANKS_MOST && begin < to && isBlank(text.charAt(begin))) begin++;
            if (begin < to && isQuote(text.charAt(begin))) begin++;
            if (begin >= to || !value.mayBegin(text, begin)) continue;
            if (sign ? isNamed(text, from, at) : isOption(text, from, at)) return true;
        }
        return false;
    }

    /// What a value must have.
    interface Value {
        boolean mayBegin(String text, int from);
    }

    private static boolean isNamed(String text, int from, int sign) {
        int end = sign;
        while (end > from && sign - end < SIGN_CHARS && isSign(text.charAt(end - 1))) end--;
        for (int n = 0; n < BLANKS_MOST && end > from && isBlank(text.charAt(end - 1)); n++) end--;
        for (int n = 0; n < CLOSERS_MOST && end > from && isCloser(text.charAt(end - 1)); n++) end--;
        int begin = nameBegin(text, from, end);
        for (int at = begin; at < end; at++) {
            if (text.charAt(at) >= 128) return true;
            for (var word : WORDS) if (text.regionMatches(true, at, word, 0, word.length())) return true;
        }
        return false;
    }

    private static boolean isOption(String text, int from, int blank) {
        int end = blank;
        while (end > from && isBlank(text.charAt(end - 1))) end--;
        int begin = nameBegin(text, from, end);
        for (int at = begin; at < end; at++) if (text.charAt(at) == '-') return true;
        return text.regionMatches(true, end - BEARER.length(), BEARER, 0, BEARER.length());
    }

    private static int nameBegin(String text, int from, int end) {
        int begin = end;
        while (begin > from && end - begin < NAME_CHARS && isName(text.charAt(begin - 1))) begin--;
        return begin;
    }

    private static boolean isName(char c) {
        return Randomness.isLetter(c) || DigitRuns.isDigit(c) || c == '_' || c == '-' || c >= 128;
    }

    private static boolean isSign(char c) {
        return c == '=' || c == ':' || c == '>' || c == '＝' || c == '：' || c == 'は';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`' || c == '「';
    }

    private static boolean isCloser(char c) {
        return c == '"' || c == '\'' || c == '`' || c == ']' || c == ')' || c == '）';
    }
}
