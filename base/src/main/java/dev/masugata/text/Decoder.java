package dev.masugata.text;

/// Finds pieces of one sort of encoding in a text and hands out what they say.
interface Decoder {
    void decode(String text, Found found);

    /// Where decoders put what they found.
    interface Found {
        /// Bytes that stood in `[from, to)`.
        void bytes(String encoding, int from, int to, byte[] bytes);

        /// A text that stood there.
        void text(String encoding, String text, Offsets offsets);

        /// True if no more can be taken.
        boolean full();
    }
}
