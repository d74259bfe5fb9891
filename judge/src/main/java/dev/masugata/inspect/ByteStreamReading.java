package dev.masugata.inspect;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// A [StreamReading] of bytes in UTF-8, whose pieces may end within a character.
public final class ByteStreamReading {
    private final StreamReading reading;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    /// The bytes of a character that are there before its last one comes.
    private byte[] rest = new byte[0];

    public ByteStreamReading(StreamReading reading) {
        this.reading = reading;
    }

    /// Takes a piece.
    /// @return what may go out now
    /// @throws CharacterCodingException if the bytes are no UTF-8: the stream is to be refused
    public String accept(byte[] piece) throws CharacterCodingException {
        return reading.accept(decoded(piece, false));
    }

    /// The stream is at its end.
    /// @return what is left to go out
    /// @throws CharacterCodingException if it ends within a character
    public String finish() throws CharacterCodingException {
        return reading.accept(decoded(new byte[0], true)) + reading.finish();
    }

    private String decoded(byte[] piece, boolean end) throws CharacterCodingException {
        var bytes = ByteBuffer.allocate(rest.length + piece.length).put(rest).put(piece).flip();
        var chars = CharBuffer.allocate(bytes.remaining() + 1);
        var result = decoder.decode(bytes, chars, end);
        if (result.isError()) result.throwException();
        rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return chars.flip().toString();
    }
}
