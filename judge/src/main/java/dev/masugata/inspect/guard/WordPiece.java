package dev.masugata.inspect.guard;

import java.util.Map;

/// The longest piece first, from the beginning; a word that does not come out even is unknown as a whole.
///
/// @param pieces   by their text; those within a word with `prefix` before them
/// @param charsMax a longer word is unknown
/// @param longest  characters of the longest piece
record WordPiece(Map<String, Long> pieces, String prefix, long unknown, int charsMax, int longest)
        implements Vocabulary {

    static WordPiece of(Map<String, Long> pieces, String prefix, long unknown, int charsMax) {
        int longest = pieces.keySet().stream().mapToInt(String::length).max().orElse(1);
        return new WordPiece(pieces, prefix, unknown, charsMax, longest);
    }

    @Override
    public void cut(Word word, Tokens out) {
        var text = word.text();
        var ids = new long[text.length()];
        var ends = new int[text.length()];
        int count = 0;
        boolean known = text.codePointCount(0, text.length()) <= charsMax;
        for (int at = 0; known && at < text.length(); at = ends[count - 1]) {
            known = false;
            for (int to = Math.min(text.length(), at + longest); to > at; to--) {
                var id = pieces.get(at == 0 ? text.substring(0, to) : prefix + text.substring(at, to));
                if (id == null) continue;
                ids[count] = id;
                ends[count++] = to;
                known = true;
                break;
            }
            if (!known) break;
        }
        if (!known) {
            out.add(unknown, word.from(0), word.to(text.length()));
            return;
        }
        for (int i = 0; i < count; i++) out.add(ids[i], word.from(i == 0 ? 0 : ends[i - 1]), word.to(ends[i]));
    }

    @Override
    public long highest() {
        return Math.max(unknown, pieces.values().stream().mapToLong(it -> it).max().orElse(0));
    }
}
