package dev.masugata.wire;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// JSON-RPC 2.0 messages, strictly: one message at a time, no batch, parameters and results are objects.
///
/// The parts of a message keep the bytes they came in, so a message whose parts nobody changed says exactly
/// what was read when it is written again.
public final class JsonRpc {
    /// Characters of an id that is a string, and digits of one that is a number.
    public static final int ID_CHARS = 256;

    /// Characters of a method's name.
    public static final int METHOD_CHARS = 256;

    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;

    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params", "result", "error");
    private static final Set<String> ERROR_MEMBERS = Set.of("code", "message", "data");

    private JsonRpc() {}

    /// What bytes turned out to be: a message, or the error to answer with.
    public sealed interface Reading {}

    public sealed interface Message extends Reading {
        /// The message as an object; [JsonWriter#bytes] gives what is sent.
        Json.Obj toJson();
    }

    /// A call that expects an answer. The id is a string or a whole number.
    public record Request(Json id, String method, Json.Obj params) implements Message {
        @Override
        public Json.Obj toJson() {
            return call(HEAD.with("id", id), method, params);
        }
    }

    /// A call that is not answered.
    public record Notification(String method, Json.Obj params) implements Message {
        @Override
        public Json.Obj toJson() {
            return call(HEAD, method, params);
        }
    }

    public record Result(Json id, Json.Obj result) implements Message {
        @Override
        public Json.Obj toJson() {
            return HEAD.with("id", id).with("result", result);
        }
    }

    /// An error. The id is missing when the request's could not be read.
    public record Failure(
            @Nullable Json id,
            int code,
            String message,
            @Nullable Json data) implements Message {
        @Override
        public Json.Obj toJson() {
            var error = Json.EMPTY.with("code", code).with("message", message);
            if (data != null) error = error.with("data", data);
            return HEAD.with("id", id == null ? Json.NULL : id).with("error", error);
        }
    }

    /// Not a message: the error code, what is wrong, and the id if it could be read.
    public record Malformed(int code, String message, Optional<Json> id) implements Reading {
        /// The error to answer with.
        public Failure answer() {
            return new Failure(id.orElse(null), code, message, null);
        }
    }

    private static final Json.Obj HEAD = Json.object("jsonrpc", "2.0");

    /// Reads one message.
    public static Reading read(byte[] bytes, Limits limits) {
        try {
            return read(JsonReader.read(bytes, limits));
        } catch (JsonException e) {
            return new Malformed(PARSE_ERROR, String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    /// As [#read(byte[], Limits)], of a value that was read already.
    public static Reading read(Json value) {
        if (value instanceof Json.Arr) return invalid(null, "batches are not taken: send one message at a time");
        if (!(value instanceof Json.Obj message)) return invalid(null, "a message is an object");
        var id = message.members().get("id");
        boolean usable = id != null && isId(id);
        var known = usable ? id : null;
        if (!message.string("jsonrpc").equals(Optional.of("2.0"))) return invalid(known, "`jsonrpc` must be \"2.0\"");
        if (!MEMBERS.containsAll(message.members().keySet()))
            return invalid(known, "a message has a member that JSON-RPC does not know");
        boolean isCall = message.at("method").isPresent();
        boolean isResult = message.at("result").isPresent();
        boolean isError = message.at("error").isPresent();
        if ((isCall ? 1 : 0) + (isResult ? 1 : 0) + (isError ? 1 : 0) != 1)
            return invalid(known, "a message has exactly one of `method`, `result` and `error`");
        if (isError) return failure(message, id, known);
        if (id != null && !usable)
            return invalid(null, "`id` must be a string or a whole number of at most " + ID_CHARS + " characters");
        if (isCall) return call(message, known);
        if (message.at("params").isPresent()) return invalid(known, "an answer has no `params`");
        if (known == null) return invalid(null, "an answer needs an `id`");
        if (!(message.members().get("result") instanceof Json.Obj result))
            return invalid(known, "`result` must be an object");
        return new Result(known, result);
    }

    private static Reading call(Json.Obj message, @Nullable Json id) {
        var method = message.string("method").orElse("");
        if (method.isEmpty() || method.length() > METHOD_CHARS)
            return invalid(id, "`method` must be a string of 1 to " + METHOD_CHARS + " characters");
        var params = message.at("params").orElse(Json.EMPTY);
        if (!(params instanceof Json.Obj named))
            return new Malformed(INVALID_PARAMS, "`params` must be an object", Optional.ofNullable(id));
        return id == null ? new Notification(method, named) : new Request(id, method, named);
    }

    private static Reading failure(Json.Obj message, @Nullable Json id, @Nullable Json known) {
        // Only here may the id be null: the other side could not read that of the request.
        if (id != null && known == null && !(id instanceof Json.Null)) return invalid(null, "`id` is not an id");
        if (message.at("params").isPresent()) return invalid(known, "an answer has no `params`");
        if (!(message.members().get("error") instanceof Json.Obj error))
            return invalid(known, "`error` must be an object");
        if (!ERROR_MEMBERS.containsAll(error.members().keySet()))
            return invalid(known, "`error` has a member that JSON-RPC does not know");
        var code = error.integer("code").filter(it -> it == it.intValue());
        var text = error.string("message");
        if (code.isEmpty() || text.isEmpty())
            return invalid(known, "`error` needs a whole number `code` and a string `message`");
        return new Failure(
                known, code.get().intValue(), text.get(), error.members().get("data"));
    }

    private static boolean isId(Json id) {
        return switch (id) {
            case Json.Str(var text, _) -> text.length() <= ID_CHARS;
            // Only plain digits: `1.0` and `1e0` would come back written differently.
            case Json.Num(var literal) ->
                literal.length() <= ID_CHARS
                        && literal.chars().skip(literal.startsWith("-") ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
            case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> false;
        };
    }

    private static Json.Obj call(Json.Obj head, String method, Json.Obj params) {
        var call = head.with("method", method);
        return params.members().isEmpty() && params.source() == null ? call : call.with("params", params);
    }

    private static Malformed invalid(@Nullable Json id, String message) {
        return new Malformed(INVALID_REQUEST, message, Optional.ofNullable(id));
    }
}
