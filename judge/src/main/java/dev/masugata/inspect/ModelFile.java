package dev.masugata.inspect;

import dev.masugata.model.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Weights as bytes: the mark, then for each channel bias, scale, thresholds and the weights that are not zero as gap
/// and value, then the SHA-256 of all before. The same weights are always the same bytes.
public final class ModelFile {
    /// Bytes of one file; all weights of all channels, none of them zero, are fewer.
    static final int BYTES_MAX = 4 * 1024 * 1024;

    private static final byte[] MARK = {'M', 'S', 'G', 'M', 2, Grams.BITS};
    private static final int DIGEST_BYTES = 32;

    private ModelFile() {}

    public static byte[] bytes(List<Head> heads) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(MARK);
        for (var head : heads) {
            out.write(head.channel().ordinal());
            var numbers = ByteBuffer.allocate(16);
            numbers.putFloat(head.bias()).putFloat(head.scale()).putFloat(head.flag()).putFloat(head.strong());
            out.writeBytes(numbers.array());
            weights(head.weights(), out);
        }
        out.writeBytes(digest(out.toByteArray()));
        return out.toByteArray();
    }

    /// A gap of 0 ends the list.
    private static void weights(byte[] weights, ByteArrayOutputStream out) {
        int last = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) continue;
            for (int gap = i - last; ; gap >>>= 7) {
                out.write(gap < 0x80 ? gap : gap & 0x7F | 0x80);
                if (gap < 0x80) break;
            }
            out.write(weights[i]);
            last = i;
        }
        out.write(0);
    }

    /// The weights that this build made of its own texts.
    public static LinearModel shipped() {
        try (var in = ModelFile.class.getResourceAsStream("model.bin")) {
            if (in == null) throw new IllegalStateException("the trained weights are missing from this build");
            return of(in.readAllBytes());
        } catch (IOException | Invalid broken) {
            throw new IllegalStateException("the trained weights of this build cannot be read", broken);
        }
    }

    /// @throws Invalid says what is wrong with the file
    public static LinearModel read(Path file) throws IOException, Invalid {
        if (Files.size(file) > BYTES_MAX) throw new Invalid("is larger than " + BYTES_MAX + " bytes");
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(BYTES_MAX + 1);
            return of(bytes);
        }
    }

    public static LinearModel of(byte[] bytes) throws Invalid {
        if (bytes.length > BYTES_MAX) throw new Invalid("is larger than " + BYTES_MAX + " bytes");
        int end = bytes.length - DIGEST_BYTES;
        if (end < MARK.length || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length))
            throw new Invalid("holds no weights of this version");
        var digest = digest(Arrays.copyOf(bytes, end));
        if (!Arrays.equals(digest, Arrays.copyOfRange(bytes, end, bytes.length)))
            throw new Invalid("is damaged: its digest is not that of its content");
        var in = ByteBuffer.wrap(bytes, MARK.length, end - MARK.length);
        var heads = new ArrayList<Head>();
        try {
            while (in.hasRemaining()) heads.add(head(in));
            return new LinearModel(heads, HexFormat.of().formatHex(digest));
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException wrong) {
            throw new Invalid("holds what are no weights: " + wrong.getMessage());
        }
    }

    private static Head head(ByteBuffer in) {
        int channel = in.get();
        if (channel < 0 || channel >= Channel.values().length) throw new IllegalArgumentException("an unknown channel");
        float bias = in.getFloat();
        float scale = in.getFloat();
        float flag = in.getFloat();
        float strong = in.getFloat();
        var weights = new byte[Grams.BUCKETS];
        int at = -1;
        for (int gap = gap(in); gap > 0; gap = gap(in)) {
            at += gap;
            if (at >= weights.length) throw new IllegalArgumentException("a weight outside of the buckets");
            weights[at] = in.get();
        }
        return new Head(Channel.values()[channel], bias, scale, flag, strong, weights);
    }

    private static int gap(ByteBuffer in) {
        int gap = 0;
        for (int shift = 0; shift <= 14; shift += 7) {
            int part = in.get();
            gap |= (part & 0x7F) << shift;
            if (part >= 0) return gap;
        }
        throw new IllegalArgumentException("a gap outside of the buckets");
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A file of weights cannot be used; the message goes behind its name.
    public static final class Invalid extends Exception {
        Invalid(String message) {
            super(message);
        }
    }
}
