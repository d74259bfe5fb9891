package dev.masugata.inspect;

import java.util.Locale;
import java.util.regex.Pattern;

/// A value that is given to a name such as `password` or `api_key`: drawn by lot, or only likely a secret.
///
/// before -> after: `token: "kTq3xZ9vWm81Lp0aBc7D"` is drawn by lot; `password = blue-Horse7` is likely;
/// `password = getPassword()`, `secret: ${SECRET}`, `next_token: ...`, `token = response.token` are none.
final class AssignedSecret implements Scanner {
    /// How sure it is.
    enum Grade { NONE, LIKELY, DRAWN }

    private static final int DRAWN_CHARS = 16;
    private static final double DRAWN_ENTROPY = 3.4;
    /// Shorter ones are identifiers and digests; of sixteen digits fewer bits can be had.
    private static final int HEX_CHARS = 24;
    private static final double HEX_ENTROPY = 3.0;
    private static final double WORDS_MOST = 0.45;
    private static final int LIKELY_CHARS = 8;
    private static final int NAME_CHARS = 48;
    /// A longer value is a document.
    private static final int VALUE_CHARS = 200;

    /// Names that have such a word and hold no secret: a place in a list, a digest, a public half, a count.
    private static final Pattern OTHER_NAMES = Pattern.compile(
            "page|next|cursor|continu|sync|resume|offset|hash|sha[0-9_-]|sha$|digest|integrity|checksum|etag|nonce|csrf"
                    + "|xsrf|public|_id$|-id$|[a-z]id$|fingerprint|max|count|type|limit|length|policy|url|uri|path"
                            + "|file|name"
                    + "|version|arn|expir|field|label|hint|regex|pattern|param|header|progress|cancel");

    private static final Pattern PASSWORD_NAMES = Pattern.compile("pass|pwd|パスワード|暗証|合言葉");
    private static final Pattern SECRET_NAMES = Pattern.compile("passw(?:or)?d|passphrase|passcode|secret|token"
            + "|credential"
            + "|api[ _-]?key|access[ _-]?key|private[ _-]?key|パスワード");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern REFERENCE = Pattern.compile(
            "[A-Za-z_][\\w]*(?:(?:\\.|->|::)[A-Za-z_]\\w*)+|[./~].*|[a-z][a-z0-9+.-]*:/.*"
                    + "|[\\w.-]*\\.(?:com|org|net|io|dev|json|ya?ml|txt|pem|js|ts|py|java|go|rs|env|md)");

    /// What a character may be in a value.
    private static final int END = 0;
    private static final int LETTER = 1;
    private static final int DIGIT = 2;
    private static final int SIGN = 4;
    private static final int JOINT = 8;
    private static final byte[] KINDS = kinds();

    private final Grade grade;
    private final boolean named;

    /// @param named the name is the member's that the value stands in, else it stands before it in the text
    AssignedSecret(Grade grade, boolean named) {
        this.grade = grade;
        this.named = named;
    }

    @Override
    public void scan(Span span, Hits hits) {
        if (named) {
            member(span, hits);
            return;
        }
        var text = span.text();
        int to = end(text, span.from());
        boolean called = to < text.length() && text.charAt(to) == '(';
        // The end of a sentence is not the value's.
        while (to > span.from() && ".:!?".indexOf(text.charAt(to - 1)) >= 0) to--;
        if (called || to == span.from()) return;
        var name = text.substring(Math.max(0, span.from() - NAME_CHARS), span.from());
        if (grade(name(name), text.substring(span.from(), to)) == grade) hits.at(span.from(), to);
    }

    /// Most values behind such a name are a word: no pattern is needed to see that.
    @Override
    public boolean mayHold(String text, int from, int to) {
        if (named) return true;
        return GivenValues.mayStand(text, from, to, this::mayBegin);
    }

    private boolean mayBegin(String text, int from) {
        int least = grade == Grade.DRAWN ? DRAWN_CHARS : LIKELY_CHARS;
        int other = grade == Grade.DRAWN ? DIGIT : DIGIT | SIGN;
        int seen = 0;
        for (int at = from; at < text.length() && at - from < VALUE_CHARS; at++) {
            int kind = kind(text.charAt(at));
            if (kind == END) return false;
            seen |= kind;
            if (at + 1 - from >= least && (seen & LETTER) != 0 && (seen & other) != 0) return true;
        }
        return false;
    }

    private static int kind(char c) {
        return c < 128 ? KINDS[c] : END;
    }

    private static byte[] kinds() {
        var kinds = new byte[128];
        for (char c = 0; c < 128; c++) {
            boolean letter = Randomness.isLetter(c);
            kinds[c] = (byte) (endsValue(c) ? END : letter ? LETTER : Randomness.isDigit(c) ? DIGIT
                    : "_-.".indexOf(c) >= 0 ? JOINT : SIGN);
        }
        return kinds;
    }

    private static boolean endsValue(char c) {
        return c <= ' ' || c > '~' || "\"'`,;()[]{}<>".indexOf(c) >= 0;
    }

    private void member(Span span, Hits hits) {
        int length = span.text().length();
        if (span.from() != 0 || span.to() != length || length < LIKELY_CHARS || length > VALUE_CHARS) return;
        var place = span.passage().place();
        // A member's name is no value of it.
        if (place.endsWith("#")) return;
        var name = place.substring(place.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (!SECRET_NAMES.matcher(name).find() || span.text().chars().anyMatch(c -> c <= ' ' || c > '~')) return;
        if (grade(name, span.text()) == grade) hits.at(0, length);
    }

    /// Where the value ends that begins here: at white space, a quote, a bracket, a mark, or another script.
    private static int end(String text, int from) {
        int end = from;
        while (end < text.length() && end - from < VALUE_CHARS) {
            if (kind(text.charAt(end)) == END) break;
            end++;
        }
        return end;
    }

    /// The last name before the value: letters, digits and what joins them.
    private static String name(String before) {
        int end = before.length();
        while (end > 0 && !isNamePart(before.charAt(end - 1))) end--;
        int from = end;
        while (from > 0 && isNamePart(before.charAt(from - 1))) from--;
        return before.substring(from, end).toLowerCase(Locale.ROOT);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    static Grade grade(String name, String value) {
        if (OTHER_NAMES.matcher(name).find() && !PASSWORD_NAMES.matcher(name).find()) return Grade.NONE;
        if (value.chars().anyMatch(c -> c <= ' ' || c > '~') || Placeholders.is(value)) return Grade.NONE;
        if (UUID.matcher(value).matches() || REFERENCE.matcher(value).matches()) return Grade.NONE;
        boolean password = PASSWORD_NAMES.matcher(name).find();
        boolean hex = value.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        if (hex && !password && value.length() < HEX_CHARS) return Grade.NONE;
        boolean digit = value.chars().anyMatch(c -> Randomness.isDigit((char) c));
        boolean letter = value.chars().anyMatch(c -> Randomness.isLetter((char) c));
        double words = Randomness.words(value);
        boolean drawn = value.length() >= DRAWN_CHARS && digit && letter && words < WORDS_MOST
                && Randomness.entropy(value) >= (hex ? HEX_ENTROPY : DRAWN_ENTROPY);
        if (drawn) return Grade.DRAWN;
        boolean sign = value.chars().anyMatch(c -> !Character.isLetterOrDigit(c) && c != '_' && c != '-' && c != '.');
        boolean mixed = digit && letter || password && letter && sign;
        boolean enough = value.length() >= (password ? LIKELY_CHARS : DRAWN_CHARS);
        return mixed && enough && (password || words < WORDS_MOST) ? Grade.LIKELY : Grade.NONE;
    }
}
