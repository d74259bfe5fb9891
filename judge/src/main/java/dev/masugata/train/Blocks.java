package dev.masugata.train;

import dev.masugata.inspect.Grams;
import dev.masugata.inspect.LinearModel;
import java.util.Arrays;

/// A text's features, block by block.
final class Blocks {
    private int[] buckets = new int[512];
    private int[] starts = new int[16];
    private int[] places = new int[16];
    private int count;

    Blocks(String text) {
        var grams = new Grams(text);
        while (grams.next()) {
            if (count + 2 > starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
                places = Arrays.copyOf(places, places.length * 2);
            }
            int begin = starts[count];
            if (begin + grams.count() > buckets.length)
                buckets = Arrays.copyOf(buckets, Math.max(buckets.length * 2, begin + grams.count()));
            System.arraycopy(grams.buckets(), 0, buckets, begin, grams.count());
            places[count] = grams.from();
            count++;
            starts[count] = begin + grams.count();
            places[count] = grams.to();
        }
    }

    int count() {
        return count;
    }

    int start(int block) {
        return starts[block];
    }

    int bucket(int index) {
        return buckets[index];
    }

    /// What one feature of this window counts.
    float unit(int from, int to) {
        return (float) (1 / Math.sqrt(Math.max(starts[to] - starts[from], LinearModel.FEATURES_LEAST)));
    }

    /// The block in which this place of the text lies.
    int at(int place) {
        int found = Arrays.binarySearch(places, 0, count + 1, place);
        return Math.clamp(found >= 0 ? found : -found - 2, 0, Math.max(count - 1, 0));
    }
}
