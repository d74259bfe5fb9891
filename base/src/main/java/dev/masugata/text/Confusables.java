package dev.masugata.text;

/// Letters of other scripts that look like Latin ones.
///
/// Full-width and mathematical letters need no entry: the normaliser knows them. Only tokens that mix scripts are
/// folded by this, so that Russian and Greek stay what they are. After Unicode Technical Standard 39, section 4; the
/// table is the part of it that carries English words.
final class Confusables {
    private static final String FOREIGN = "аеорсухіјѕһԁԛԝькмтнпгв" + "АВЕКМНОРСТУХІЈЅԌԚԜ"
            + "αοενρτυικχγηω" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    private static final String LATIN = "aeopcyxijshdqwbkmthnrb" + "ABEKMHOPCTYXIJSGQW"
            + "aoevptuikxynw" + "ABEZHIKMNOPTYX";
    private static final char[] TABLE = new char[0x600];

    static {
        if (FOREIGN.length() != LATIN.length()) throw new IllegalStateException("each look-alike needs its letter");
        for (int i = 0; i < FOREIGN.length(); i++)
            if (FOREIGN.charAt(i) < TABLE.length) TABLE[FOREIGN.charAt(i)] = LATIN.charAt(i);
    }

    private Confusables() {}

    /// Greek, Coptic, Cyrillic.
    static boolean isForeign(char c) {
        return c >= 0x370 && c <= 0x52F;
    }

    /// The Latin letter it looks like, or itself.
    static char latin(char c) {
        return c < TABLE.length && TABLE[c] != 0 ? TABLE[c] : c;
    }

    /// Folds the tokens that mix scripts, in place.
    static void fold(char[] chars, int length) {
        int at = 0;
        while (at < length) {
            int end = at;
            boolean latin = false;
            boolean foreign = false;
            while (end < length && Character.isLetter(chars[end])) {
                latin |= chars[end] < 128;
                foreign |= isForeign(chars[end]);
                end++;
            }
            if (latin && foreign) for (int i = at; i < end; i++) chars[i] = latin(chars[i]);
            at = end + 1;
        }
    }
}
