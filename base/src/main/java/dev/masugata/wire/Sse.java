package dev.masugata.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Server-sent events (`text/event-stream`), as the HTML Living Standard, section 9.2, defines them.
/// [SseReader] reads them; here is what there is to read, and how it is written.
public final class Sse {
    private Sse() {}

    /// What a stream carries.
    public sealed interface Frame {}

    /// An event.
    ///
    /// @param id the id that this event brought, if it brought one (it may be empty: forget the last one)
    /// @param type `message` where the stream names none
    /// @param data its lines, joined by line feeds
    public record Event(Optional<String> id, String type, String data) implements Frame {
        public Event(String data) {
            this(Optional.empty(), MESSAGE, data);
        }
    }

    /// A comment: in practice a sign of life.
    public record Comment(String text) implements Frame {}

    /// How long a client waits before it connects again.
    public record Retry(long millis) implements Frame {}

    public static final String MESSAGE = "message";

    /// A stream that is not taken: a limit, or bytes that are not UTF-8.
    public static final class Refused extends RuntimeException {
        Refused(String what) {
            super(what, null, false, false);
        }
    }

    /// The frame as bytes, complete with the empty line that ends an event. Line ends of every kind in the data
    /// come out as line feeds on the other side; one in an id, type or comment is refused.
    public static byte[] encode(Frame frame) {
        var text = switch (frame) {
            case Event event -> block(event);
            case Comment(var comment) -> ":" + (comment.isEmpty() ? "" : " ") + line(comment) + "\n\n";
            case Retry(long millis) -> "retry: " + millis + "\n\n";
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String block(Event event) {
        var text = new StringBuilder(event.data().length() + 64);
        // NUL makes readers ignore the whole field.
        event.id().ifPresent(id -> {
            if (id.indexOf(0) >= 0) throw new IllegalArgumentException("an id must not hold NUL");
            text.append("id: ").append(line(id)).append('\n');
        });
        if (!event.type().isEmpty() && !event.type().equals(MESSAGE))
            text.append("event: ").append(line(event.type())).append('\n');
        var data = event.data();
        int from = 0;
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c != '\n' && c != '\r') continue;
            text.append("data: ").append(data, from, i).append('\n');
            if (c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n') i++;
            from = i + 1;
        }
        return text.append("data: ")
                .append(data, from, data.length())
                .append("\n\n")
                .toString();
    }

    private static String line(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0)
            throw new IllegalArgumentException("an id, type or comment must be one line");
        return text;
    }
}
