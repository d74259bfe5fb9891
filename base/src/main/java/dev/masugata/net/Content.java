package dev.masugata.net;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// The body of a message that goes out.
public sealed interface Content {
    Content NONE = new Bytes(new byte[0]);

    /// A body that is there as a whole. The array must not be changed afterwards.
    record Bytes(byte[] bytes) implements Content {}

    /// A body that is written piece by piece.
    ///
    /// @param length if it is known; writing another number of bytes breaks the connection
    /// @param pulse what is sent when nothing else was for a while
    record Stream(OptionalLong length, Optional<Pulse> pulse, Writer writer) implements Content {
        public Stream(Writer writer) {
            this(OptionalLong.empty(), Optional.empty(), writer);
        }
    }

    /// Writes a body. `write` and `flush` of the stream block while the other side takes nothing, and fail with
    /// [ClientGone] or [UpstreamFault] when it has gone. What was written is sent when it is flushed or enough for a
    /// packet. The end of the method is the end of the body; what it throws breaks the connection, so that nobody takes
    /// a part for the whole.
    interface Writer {
        void write(OutputStream out) throws Exception;
    }

    /// A sign of life on a quiet stream. It may stand between any two flushes.
    record Pulse(byte[] bytes, Duration every) {
        public Pulse {
            if (!every.isPositive()) throw new IllegalArgumentException("a pulse needs an interval above zero");
        }
    }
}
