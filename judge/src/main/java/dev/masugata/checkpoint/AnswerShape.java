package dev.masugata.checkpoint;

import dev.masugata.wire.Json;
import dev.masugata.wire.Sse;
import java.util.List;
import java.util.Optional;

/// Where in a provider's answers text stands and what they say of their cost: what the exit must know of a format.
public interface AnswerShape {
    /// A piece of a text that comes over several events.
    ///
    /// @param text  pieces with the same name belong to one text, in order
    /// @param place of the string in its event, a JSON Pointer (RFC 6901)
    /// @param call  it is arguments of a tool call
    record Piece(String text, String place, boolean call) {
        public Piece(String text, String place) {
            this(text, place, false);
        }
    }

    /// What an answer says that it took and brought, in tokens.
    ///
    /// @param in      of the prompt, without what is in the next two
    /// @param cached  of the prompt, read from a cache
    /// @param written of the prompt, written to a cache
    record Usage(long in, long cached, long written, long out) {
        /// More than any answer takes or brings.
        private static final long TOKENS_MAX = 1_000_000_000_000L;

        /// Each the greater one: what is said in several events adds up to no less than its greatest.
        Usage or(Usage other) {
            return new Usage(Math.max(in, other.in), Math.max(cached, other.cached),
                    Math.max(written, other.written), Math.max(out, other.out));
        }

        /// What no honest answer says.
        boolean isOdd() {
            return in < 0 || cached < 0 || written < 0 || out < 0 || in + cached + written + out <= 0
                    || Math.max(Math.max(in, out), Math.max(cached, written)) > TOKENS_MAX;
        }
    }

    List<Piece> pieces(Json.Obj event);

    /// Where an event or a whole answer holds all arguments of a tool call: as an object, or as JSON in a string.
    List<String> calls(Json.Obj said);

    /// Which texts end with this event: the names of their pieces, or beginnings of those with `*` at the end.
    List<String> ends(Json.Obj event);

    /// Under which name a provider keeps the answer, where a later request may name it.
    Optional<String> id(Json.Obj said);

    /// What an event, or a whole answer, says of its cost.
    Optional<Usage> usage(Json.Obj said);

    /// How a stream ends that is cut.
    ///
    /// @param why for the agent
    List<Sse.Frame> cut(String why, String decision);

    /// True for the last event of a whole stream.
    boolean isLast(Sse.Event event);
}
