package dev.masugata.wire;

import dev.masugata.wire.Sse.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events from chunks of any size: an event comes out with the byte that completes it, however
/// the bytes were cut. For one stream and one thread. An event that the end of the stream cuts off is dropped, as
/// the standard wants.
public final class SseReader {
    /// Bytes of one line.
    public static final int LINE_BYTES = 4 * 1024 * 1024;

    /// Characters of one event's data.
    public static final int EVENT_CHARS = 4 * 1024 * 1024;

    /// A `retry` of more digits is ignored.
    private static final int RETRY_DIGITS = 9;

    private final int lineBytes;
    private final int eventChars;

    private byte[] line = new byte[512];
    private int length;
    private boolean firstLine = true;
    private boolean afterReturn;

    private final StringBuilder data = new StringBuilder();
    private boolean hasData;
    private String type = "";
    private @Nullable String id;
    private String lastId = "";

    public SseReader() {
        this(LINE_BYTES, EVENT_CHARS);
    }

    public SseReader(int lineBytes, int eventChars) {
        this.lineBytes = lineBytes;
        this.eventChars = eventChars;
    }

    /// The frames that these bytes complete.
    ///
    /// @throws Refused when a limit is passed or a line is not UTF-8; the reader must not be used any more
    public List<Sse.Frame> feed(byte[] chunk) {
        return feed(chunk, 0, chunk.length);
    }

    /// As [#feed(byte[])], of `[from, to)`.
    public List<Sse.Frame> feed(byte[] chunk, int from, int to) {
        var frames = new ArrayList<Sse.Frame>();
        int start = from;
        for (int i = from; i < to; i++) {
            byte b = chunk[i];
            if (b != '\n' && b != '\r') {
                afterReturn = false;
                continue;
            }
            boolean secondOfPair = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (!secondOfPair) {
                keep(chunk, start, i);
                endLine(frames);
            }
            start = i + 1;
        }
        keep(chunk, start, to);
        return frames;
    }

    /// The id a client would send as `Last-Event-ID`, also when its block brought no event.
    public String lastEventId() {
        return lastId;
    }

    private void keep(byte[] chunk, int from, int to) {
        int more = to - from;
        if (more > lineBytes - length)
            throw new Refused("an event stream has a line of more than " + lineBytes + " bytes");
        if (length + more > line.length) line = Arrays.copyOf(line, Math.max(length + more, line.length * 2));
        System.arraycopy(chunk, from, line, length, more);
        length += more;
    }

    private void endLine(List<Sse.Frame> frames) {
        boolean mark =
                firstLine && length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
        firstLine = false;
        var text = decode(mark ? 3 : 0);
        length = 0;
        if (text.isEmpty()) dispatch(frames);
        else if (text.charAt(0) == ':') frames.add(new Sse.Comment(afterSpace(text, 1)));
        else field(text, frames);
    }

    private void field(String text, List<Sse.Frame> frames) {
        int colon = text.indexOf(':');
        var name = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : afterSpace(text, colon + 1);
        switch (name) {
            case "data" -> {
                if (value.length() > eventChars - data.length())
                    throw new Refused("an event has more than " + eventChars + " characters of data");
                data.append(value).append('\n');
                hasData = true;
            }
            case "event" -> type = value;
            case "id" -> {
                if (value.indexOf(0) < 0) id = value;
            }
            case "retry" -> {
                boolean number = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
                if (number && value.length() <= RETRY_DIGITS) frames.add(new Sse.Retry(Long.parseLong(value)));
            }
            default -> {} // the standard has readers skip fields they do not know
        }
    }

    private void dispatch(List<Sse.Frame> frames) {
        if (id != null) lastId = id;
        if (hasData) {
            data.setLength(data.length() - 1);
            frames.add(new Sse.Event(Optional.ofNullable(id), type.isEmpty() ? Sse.MESSAGE : type, data.toString()));
        }
        data.setLength(0);
        hasData = false;
        type = "";
        id = null;
    }

    private String decode(int from) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, from, length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("an event stream has a line that is not UTF-8");
        }
    }

    private static String afterSpace(String text, int from) {
        return text.substring(from < text.length() && text.charAt(from) == ' ' ? from + 1 : from);
    }
}
