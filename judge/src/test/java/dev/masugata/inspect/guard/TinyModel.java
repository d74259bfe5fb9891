package dev.masugata.inspect.guard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes classifiers so small that one knows what they say: each word adds what it is worth to one of two classes, and
/// the mean over the window decides. As ONNX (onnx.proto3), byte for byte, and with the tokenizers that go with them.
public final class TinyModel {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int BOOL = 9;

    /// What each word is worth to the hostile class; a word that is not here is worth 1 to the other.
    static final Map<String, Float> WORTH = new TreeMap<>(
            Map.of("ignore", 4f, "previous", 4f, "instructions", 4f, "reveal", 4f, "information", 3f, "important", 3f));

    private static final List<String> HARMLESS =
            List.of("the", "shop", "opens", "at", "nine", "tent", "nice", "is", "a", "and");

    private TinyModel() {}

    public static List<String> words() {
        var words = new java.util.ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
        words.addAll(WORTH.keySet());
        words.addAll(HARMLESS);
        return words;
    }

    /// @param endless it first goes round for ever
    public static Path write(Path file, boolean endless) throws IOException {
        var words = words();
        var table = ByteBuffer.allocate(8 * words.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (var word : words) {
            float hostile = WORTH.getOrDefault(word, 0f);
            boolean counts = word.equals("[UNK]") || !word.startsWith("[");
            table.putFloat(counts && hostile == 0 ? 1 : 0).putFloat(hostile);
        }
        var unit = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        unit.putFloat(1).putFloat(0).putFloat(0).putFloat(1);
        var last = endless ? "mean" : "logits";
        var graph = new Message()
                .add(1, node("Mul", List.of("input_ids", "attention_mask"), "ids"))
                .add(1, node("Gather", List.of("table", "ids"), "rows"))
                .add(1, node("ReduceMean", List.of("rows"), "row")
                        .add(5, new Message().add(1, "axes").add(8, 1).add(20, 7))
                        .add(5, new Message().add(1, "keepdims").add(3, 0).add(20, 2)))
                .add(1, node("MatMul", List.of("row", "unit"), last));
        if (endless) graph.add(1, forEver());
        graph.add(2, "tiny")
                .add(5, tensor("table", FLOAT, table, words.size(), 2))
                .add(5, tensor("unit", FLOAT, unit, 2, 2));
        if (endless) {
            var rounds = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE);
            graph.add(5, tensor("rounds", INT64, rounds));
            graph.add(5, tensor("on", BOOL, ByteBuffer.allocate(1).put((byte) 1)));
        }
        graph.add(11, value("input_ids", INT64, "one", "length"))
                .add(11, value("attention_mask", INT64, "one", "length"))
                .add(12, value("logits", FLOAT, "one", "two"));
        var operators = new Message().add(1, "").add(2, 13);
        var model = new Message().add(1, 8).add(2, "masugata-test").add(7, graph).add(8, operators);
        return Files.write(file, model.bytes());
    }

    private static Message forEver() {
        var body = new Message()
                .add(1, node("Identity", List.of("on_in"), "on_out"))
                .add(1, node("Add", List.of("in", "in"), "out"))
                .add(2, "body")
                .add(11, value("round", INT64))
                .add(11, value("on_in", BOOL))
                .add(11, value("in", FLOAT, "one", "two"))
                .add(12, value("on_out", BOOL))
                .add(12, value("out", FLOAT, "one", "two"));
        return node("Loop", List.of("rounds", "on", "mean"), "logits")
                .add(5, new Message().add(1, "body").add(6, body).add(20, 5));
    }

    private static Message node(String type, List<String> inputs, String output) {
        var node = new Message();
        for (var input : inputs) node.add(1, input);
        return node.add(2, output).add(4, type);
    }

    private static Message tensor(String name, int type, ByteBuffer data, long... shape) {
        var tensor = new Message();
        for (long size : shape) tensor.add(1, size);
        return tensor.add(2, type).add(8, name).add(9, data.array());
    }

    private static Message value(String name, int type, String... dimensions) {
        var shape = new Message();
        for (var dimension : dimensions) shape.add(1, new Message().add(2, dimension));
        return new Message().add(1, name).add(2, new Message().add(1, new Message().add(1, type).add(2, shape)));
    }

    /// The words as WordPiece, in lower case, between `[CLS]` and `[SEP]`.
    public static Path wordPiece(Path file, List<String> words) throws IOException {
        var vocabulary = new StringBuilder();
        for (int i = 0; i < words.size(); i++)
            vocabulary.append(i == 0 ? "" : ", ").append('"').append(words.get(i)).append("\": ").append(i);
        return Files.writeString(file, """
                {"version": "1.0", "truncation": null, "added_tokens": [%s],
                 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                                "strip_accents": null, "lowercase": true},
                 "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                              {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                   "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2]}, "[SEP]": {"id": "[SEP]", "ids": [3]}}},
                 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                           "max_input_chars_per_word": 100, "vocab": {%s}}}
                """.formatted(added(), vocabulary));
    }

    /// The words as Unigram pieces, each with the mark of a word before it.
    static Path unigram(Path file, List<String> words) throws IOException {
        var vocabulary = new StringBuilder();
        for (int i = 0; i < words.size(); i++)
            vocabulary.append(i == 0 ? "" : ", ")
                    .append("[\"%s%s\", %d.5]".formatted(i < 4 ? "" : "▁", words.get(i), i < 4 ? 0 : -i));
        return Files.writeString(file, """
                {"added_tokens": [%s],
                 "normalizer": {"type": "Sequence", "normalizers": [
                    {"type": "Strip", "strip_left": true, "strip_right": true},
                    {"type": "Precompiled", "precompiled_charsmap": "AAAA"},
                    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Lowercase"}]},
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "▁",
                                   "prepend_scheme": "always", "split": true},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
                 "model": {"type": "Unigram", "unk_id": 1, "vocab": [%s], "byte_fallback": false}}
                """.formatted(added(), vocabulary));
    }

    private static String added() {
        var added = new StringBuilder();
        for (int i = 0; i < 4; i++)
            added.append(i == 0 ? "" : ", ")
                    .append("{\"id\": %d, \"content\": \"%s\", \"special\": true}".formatted(i, words().get(i)));
        return added.toString();
    }

    /// A protocol buffers message: fields in the order in which they are added.
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message add(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message add(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message add(int field, String value) {
            return add(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message add(int field, Message value) {
            return add(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            for (long rest = value; ; rest >>>= 7) {
                out.write((int) (rest > 0x7F || rest < 0 ? rest & 0x7F | 0x80 : rest));
                if (rest >= 0 && rest <= 0x7F) return;
            }
        }
    }
}
