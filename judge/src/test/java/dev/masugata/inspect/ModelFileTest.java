package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    @TempDir
    Path directory;

    static List<Head> heads(long seed) {
        var random = new Random(seed);
        var heads = new ArrayList<Head>();
        for (var channel : Channel.values()) {
            var weights = new byte[Grams.BUCKETS];
            for (int i = 0; i < 5_000; i++) weights[random.nextInt(weights.length)] = (byte) random.nextInt(-127, 128);
            weights[0] = 1;
            weights[weights.length - 1] = -1;
            heads.add(new Head(channel, -2.5f, 0.03f, 1, 2, weights));
        }
        return heads;
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        var heads = heads(1);
        var bytes = ModelFile.bytes(heads);
        assertArrayEquals(bytes, ModelFile.bytes(heads(1)), "the same weights are the same bytes");
        var file = Files.write(directory.resolve("model.bin"), bytes);
        var model = ModelFile.read(file);
        for (var head : heads) {
            assertArrayEquals(head.weights(), model.head(head.channel()).weights());
            assertEquals(head.flag(), model.head(head.channel()).flag());
        }
        assertEquals(64, model.digest().length());
    }

    @Test
    void aChangedByteAnywhereIsRefused() {
        var bytes = ModelFile.bytes(heads(2));
        for (int at = 0; at < bytes.length; at += 997) {
            var changed = bytes.clone();
            changed[at] ^= 0x10;
            assertThrows(ModelFile.Invalid.class, () -> ModelFile.of(changed), "byte " + at);
        }
        for (int length : new int[] {0, 1, 5, 40, bytes.length / 2, bytes.length - 1})
            assertThrows(ModelFile.Invalid.class, () -> ModelFile.of(Arrays.copyOf(bytes, length)), length + " bytes");
    }

    @Test
    void headsThatAreMissingOrDoubleAreRefused() {
        var heads = heads(3);
        assertThrows(ModelFile.Invalid.class, () -> ModelFile.of(ModelFile.bytes(heads.subList(0, 4))));
        var twice = new ArrayList<>(heads);
        twice.set(4, heads.getFirst());
        assertThrows(ModelFile.Invalid.class, () -> ModelFile.of(ModelFile.bytes(twice)));
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        var file = Files.write(directory.resolve("large"), new byte[ModelFile.BYTES_MAX + 1]);
        var refused = assertThrows(ModelFile.Invalid.class, () -> ModelFile.read(file));
        assertTrue(String.valueOf(refused.getMessage()).contains("larger"), refused.getMessage());
    }
}
