package dev.masugata.inspect.guard;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `tokenizer.json` of a model whose pieces are of the kind WordPiece or Unigram. What it does not know it
/// refuses: a text cut in another way than the model learnt is noise to it.
///
/// Of a precompiled SentencePiece table it takes what such tables do: NFKC, and white space for what does not show.
final class TokenizerFile {
    /// Bytes of one file.
    static final int BYTES_MAX = 64 * 1024 * 1024;

    /// Pieces of one vocabulary.
    static final int PIECES_MAX = 1_000_000;

    private TokenizerFile() {}

    /// @throws GuardProblem says what is wrong with the file
    static Tokenizer read(Path file) throws GuardProblem {
        try {
            if (Files.size(file) > BYTES_MAX) throw problem(file, "is larger than " + BYTES_MAX + " bytes");
            return of(Files.readString(file));
        } catch (IllegalArgumentException wrong) {
            throw problem(file, "is no tokenizer that can be used: " + wrong.getMessage());
        } catch (CharacterCodingException wrong) {
            throw problem(file, "is no tokenizer that can be used: it is not UTF-8");
        } catch (IOException unreadable) {
            throw problem(file, "cannot be read: " + unreadable.getMessage());
        }
    }

    private static GuardProblem problem(Path file, String what) {
        return new GuardProblem("`" + file + "` " + what + "; name the `tokenizer.json` that came with the model");
    }

    /// @throws IllegalArgumentException says what is wrong
    static Tokenizer of(String text) {
        if (!(PlainJson.read(text) instanceof Map<?, ?> top)) throw new IllegalArgumentException("it is no object");
        var model = map(top, "model");
        var special = special(top);
        var vocabulary = switch (string(model, "type")) {
            case "WordPiece" -> wordPiece(model, special);
            case "Unigram" -> unigram(model, special);
            default -> throw new IllegalArgumentException(
                    "its model is of type `" + string(model, "type") + "`; WordPiece and Unigram are known");
        };
        var normalization = normalization(top.get("normalizer"), Normalization.NONE);
        var cutting = cutting(top.get("pre_tokenizer"), new Cutting("", false, false));
        if (cutting.bert()) normalization = normalization.withBert();
        var before = new ArrayList<Long>();
        var after = new ArrayList<Long>();
        around(top.get("post_processor"), before, after);
        return new Tokenizer(normalization, cutting.mark(), cutting.first(), vocabulary, before, after);
    }

    /// Pieces that no text is: their ids end the model's input, or begin it.
    private static Set<Long> special(Map<?, ?> top) {
        var special = new HashSet<Long>();
        if (!(top.get("added_tokens") instanceof List<?> added)) return special;
        for (var item : added)
            if (item instanceof Map<?, ?> token && Boolean.TRUE.equals(token.get("special")))
                special.add(number(token, "id"));
        return special;
    }

    private static WordPiece wordPiece(Map<?, ?> model, Set<Long> special) {
        var pieces = new HashMap<String, Long>();
        var vocabulary = map(model, "vocab");
        bounded(vocabulary.size());
        for (var entry : vocabulary.entrySet())
            if (!special.contains(id(entry.getValue()))) pieces.put((String) entry.getKey(), id(entry.getValue()));
        var unknown = vocabulary.get(string(model, "unk_token"));
        if (unknown == null) throw new IllegalArgumentException("its `unk_token` is not in its `vocab`");
        var prefix = model.get("continuing_subword_prefix") instanceof String given ? given : "##";
        int charsMax = model.get("max_input_chars_per_word") instanceof Double given ? given.intValue() : 100;
        return WordPiece.of(pieces, prefix, id(unknown), charsMax);
    }

    private static Unigram unigram(Map<?, ?> model, Set<Long> special) {
        if (!(model.get("vocab") instanceof List<?> vocabulary))
            throw new IllegalArgumentException("its `vocab` is no list");
        bounded(vocabulary.size());
        var pieces = new HashMap<String, Unigram.Piece>();
        long unknown = number(model, "unk_id");
        if (unknown >= vocabulary.size()) throw new IllegalArgumentException("its `unk_id` is not in its `vocab`");
        for (int i = 0; i < vocabulary.size(); i++) {
            if (!(vocabulary.get(i) instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.get(0) instanceof String piece)
                    || !(pair.get(1) instanceof Double score))
                throw new IllegalArgumentException("piece " + i + " of its `vocab` is no text with a score");
            if (!special.contains((long) i) && i != unknown) pieces.put(piece, new Unigram.Piece(i, score));
        }
        return Unigram.of(pieces, unknown, Boolean.TRUE.equals(model.get("byte_fallback")) ? bytes(pieces) : null);
    }

    /// `<0x00>` to `<0xFF>`, which are for what no piece covers and stand for no text of that form.
    private static long[] bytes(Map<String, Unigram.Piece> pieces) {
        var bytes = new long[256];
        for (int i = 0; i < bytes.length; i++) {
            var piece = pieces.remove("<0x%02X>".formatted(i));
            if (piece == null) throw new IllegalArgumentException("it has no piece for each byte");
            bytes[i] = piece.id();
        }
        return bytes;
    }

    private static void bounded(int size) {
        if (size < 1 || size > PIECES_MAX)
            throw new IllegalArgumentException("its `vocab` has " + size + " pieces, of 1 to " + PIECES_MAX);
    }

    private static Normalization normalization(@Nullable Object value, Normalization so) {
        if (value == null) return so;
        if (!(value instanceof Map<?, ?> step)) throw new IllegalArgumentException("its `normalizer` is no object");
        var type = string(step, "type");
        return switch (type) {
            case "Sequence" -> {
                var all = so;
                for (var each : list(step, "normalizers")) all = normalization(each, all);
                yield all;
            }
            case "NFC", "NFD", "NFKC", "NFKD" -> so.with(Form.valueOf(type));
            case "Precompiled", "Nmt" -> so.withSentencePiece();
            case "Lowercase" -> so.withLowerCase();
            case "StripAccents" -> so.withoutAccents(true);
            // White space ends a word, and how much of it there is says nothing.
            case "Strip" -> so;
            case "Replace" -> spaces(step, so);
            case "BertNormalizer" -> {
                usual(step, "clean_text");
                usual(step, "handle_chinese_chars");
                boolean lower = !Boolean.FALSE.equals(step.get("lowercase"));
                boolean accents = step.get("strip_accents") instanceof Boolean given ? given : lower;
                var bert = so.withBert().withoutAccents(accents);
                yield lower ? bert.withLowerCase() : bert;
            }
            default -> throw new IllegalArgumentException("its normalizer `" + type + "` is not known here");
        };
    }

    private static void usual(Map<?, ?> step, String name) {
        if (Boolean.FALSE.equals(step.get(name)))
            throw new IllegalArgumentException(
                    "its `" + step.get("type") + "` without `" + name + "` is not known here");
    }

    private static Normalization spaces(Map<?, ?> step, Normalization so) {
        boolean spaces = step.get("pattern") instanceof Map<?, ?> pattern
                && pattern.values().stream().allMatch(it -> it instanceof String text
                        && Set.of(" {2,}", "\\s+", " +", "\\s{2,}").contains(text))
                && " ".equals(step.get("content"));
        if (!spaces) throw new IllegalArgumentException("its normalizer replaces something else than white space");
        return so;
    }

    /// @param mark before a word
    /// @param bert punctuation stands alone
    private record Cutting(String mark, boolean first, boolean bert) {}

    private static Cutting cutting(@Nullable Object value, Cutting so) {
        if (!(value instanceof Map<?, ?> step)) throw new IllegalArgumentException("it has no `pre_tokenizer`");
        var type = string(step, "type");
        return switch (type) {
            case "Sequence" -> {
                var all = so;
                for (var each : list(step, "pretokenizers")) all = cutting(each, all);
                yield all;
            }
            case "WhitespaceSplit" -> so;
            case "BertPreTokenizer" -> new Cutting(so.mark(), so.first(), true);
            case "Metaspace" -> {
                usual(step, "split");
                boolean first = !"never".equals(step.get("prepend_scheme"))
                        && !Boolean.FALSE.equals(step.get("add_prefix_space"));
                yield new Cutting(string(step, "replacement"), first, so.bert());
            }
            default -> throw new IllegalArgumentException("its pre-tokenizer `" + type + "` is not known here");
        };
    }

    private static void around(@Nullable Object value, List<Long> before, List<Long> after) {
        if (value == null) return;
        if (!(value instanceof Map<?, ?> step)) throw new IllegalArgumentException("its `post_processor` is no object");
        switch (string(step, "type")) {
            case "BertProcessing", "RobertaProcessing" -> {
                before.add(id(list(step, "cls").getLast()));
                after.add(id(list(step, "sep").getLast()));
            }
            case "TemplateProcessing" -> {
                boolean text = false;
                for (var each : list(step, "single")) {
                    if (!(each instanceof Map<?, ?> part)) throw new IllegalArgumentException("a part of `single`");
                    if (!(part.get("SpecialToken") instanceof Map<?, ?> token)) text = true;
                    else
                        for (var id : list(map(map(step, "special_tokens"), string(token, "id")), "ids"))
                            (text ? after : before).add(id(id));
                }
            }
            default -> throw new IllegalArgumentException(
                    "its post-processor `" + string(step, "type") + "` is not known here");
        }
    }

    private static Map<?, ?> map(Map<?, ?> in, String name) {
        if (in.get(name) instanceof Map<?, ?> map) return map;
        throw new IllegalArgumentException("it has no `" + name + "` with names and values");
    }

    private static List<?> list(Map<?, ?> in, String name) {
        if (in.get(name) instanceof List<?> list && !list.isEmpty()) return list;
        throw new IllegalArgumentException("it has no list `" + name + "`");
    }

    private static String string(Map<?, ?> in, String name) {
        if (in.get(name) instanceof String text) return text;
        throw new IllegalArgumentException("it has no text `" + name + "`");
    }

    private static long number(Map<?, ?> in, String name) {
        return id(in.get(name));
    }

    private static long id(@Nullable Object value) {
        if (value instanceof Double number && number >= 0 && number < Integer.MAX_VALUE && number == Math.rint(number))
            return number.longValue();
        throw new IllegalArgumentException("a token's id is a whole number, not `" + value + "`");
    }
}
