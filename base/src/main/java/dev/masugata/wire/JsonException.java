package dev.masugata.wire;

/// Bytes that are not taken as JSON: what is wrong, and at which byte. It never repeats the input.
public final class JsonException extends RuntimeException {
    /// Why a document was refused. Stable: logs and tests rely on these names.
    public enum Code {
        /// Not a document of RFC 8259.
        SYNTAX,
        /// The document ends before its value does.
        TRUNCATED,
        /// Something other than white space follows the value.
        TRAILING,
        /// Begins with a byte order mark (RFC 8259 section 8.1).
        BYTE_ORDER_MARK,
        /// Overlong, truncated or surrogate UTF-8 (RFC 3629 section 3).
        INVALID_UTF8,
        /// An escape names half a surrogate pair; readers disagree what it means (RFC 8259 section 8.2).
        LONE_SURROGATE,
        /// One name twice in an object; readers disagree which counts (RFC 8259 section 4).
        DUPLICATE_NAME,
        /// Two names of an object that a reader which folds case or compatibility forms takes for one.
        CONFUSABLE_NAME,
        /// `__proto__`, in any notation: some readers change the object's prototype.
        FORBIDDEN_NAME,
        /// A number that a reader which uses IEEE doubles takes for another (RFC 8259 section 6).
        NUMBER_CHANGES,
        /// More than [Limits] allow.
        LIMIT
    }

    private final Code code;
    private final int offset;

    JsonException(Code code, int offset, String what) {
        // Expected often and caught near: a stack trace would only cost time.
        super(what + " at byte " + offset, null, false, false);
        this.code = code;
        this.offset = offset;
    }

    public Code code() {
        return code;
    }

    /// The byte at which it was noticed, counted from the start of the document.
    public int offset() {
        return offset;
    }
}
