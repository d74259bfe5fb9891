package dev.masugata.app.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// One piece of what the command line and the gate say to each other: a kind, a length, bytes.
record Frame(Kind kind, byte[] bytes) {
    /// Bytes of one frame; longer content is cut into several.
    static final int BYTES_MAX = 8 * 1024 * 1024;

    enum Kind {
        /// A JSON object: the request, and every structured answer.
        MESSAGE,
        /// Bytes for the standard input of what runs; none: it has ended.
        INPUT,
        /// Bytes from its standard output.
        OUTPUT,
        /// Bytes from its standard error.
        ERROR,
        /// The last one: a JSON object with the exit code.
        END
    }

    static Optional<Frame> read(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        int kind = data.read();
        if (kind < 0) return Optional.empty();
        if (kind >= Kind.values().length) throw new IOException("a frame of an unknown kind");
        int length = data.readInt();
        if (length < 0 || length > BYTES_MAX) throw new IOException("a frame of more than " + BYTES_MAX + " bytes");
        var bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException("half a frame");
        return Optional.of(new Frame(Kind.values()[kind], bytes));
    }

    void write(OutputStream out) throws IOException {
        var whole = new java.io.ByteArrayOutputStream(bytes.length + 5);
        var data = new DataOutputStream(whole);
        data.writeByte(kind.ordinal());
        data.writeInt(bytes.length);
        data.write(bytes);
        out.write(whole.toByteArray());
        out.flush();
    }
}
