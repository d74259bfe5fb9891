package dev.masugata.checkpoint;

import dev.masugata.wire.Json;

/// Who waits for a call takes what its server says meanwhile. All of it is judged already.
public interface Inward {
    /// Progress, a log message. May throw when the caller has gone; nobody else is harmed by it.
    void notification(String method, Json.Obj params);

    /// A question of the server to the agent's side, which is waited for.
    ///
    /// @return its result, which is judged before it leaves
    /// @throws Unanswered when there is none
    Json.Obj asked(String method, Json.Obj params) throws Unanswered, InterruptedException;

    /// Takes notifications nowhere and answers nothing.
    Inward NONE = new Inward() {
        @Override
        public void notification(String method, Json.Obj params) {}

        @Override
        public Json.Obj asked(String method, Json.Obj params) throws Unanswered {
            throw new Unanswered(dev.masugata.wire.JsonRpc.METHOD_NOT_FOUND, "this client offers no such method");
        }
    };

    /// A question that nobody answers; the server is told so.
    final class Unanswered extends Exception {
        private final int code;

        public Unanswered(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }
}
