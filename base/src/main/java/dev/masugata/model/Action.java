package dev.masugata.model;

import dev.masugata.wire.Json;

/// What is attempted. Closed: a new kind must be judged everywhere, and the compiler lists where.
public sealed interface Action {

    /// The kind's name, as policies and the record write it.
    Kind kind();

    /// What it is aimed at, as the record shows it: `files/read_file`, `session s-7f3k`.
    String target();

    /// The names of kinds in policies and in the record.
    enum Kind {
        TOOL_CALL, TOOL_LIST, RESOURCE_READ, RESOURCE_LIST, PROMPT_GET, PROMPT_LIST, COMPLETE, SUBSCRIBE, SAMPLE,
        ELICIT, TASK_OP, LIFECYCLE, HTTP_REQUEST, MODEL_CALL, DELIVERY, FILE_APPLY, HOUSE_CALL, OPERATOR;

        /// As policies write it: `tool_call`.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What leaves for somebody and is answered: the answer is a [Delivery].
    sealed interface Outbound extends Action {
        /// Who answers, as the record names it: `server:files`, `host:example.com`.
        String party();

        String method();

        /// What of it is inspected, traced and kept.
        Json.Obj says();
    }

    /// A message of the Model Context Protocol. What leaves is built from `method` and `params`, and from nothing else;
    /// the request id and the progress token are the exit's own.
    sealed interface Rpc extends Outbound {
        String server();

        Json.Obj params();

        @Override
        default String party() {
            return "server:" + server();
        }

        @Override
        default Json.Obj says() {
            return params();
        }

        @Override
        default String target() {
            return server();
        }
    }

    /// A call of one tool.
    record ToolCall(String server, String tool, Json.Obj params) implements Rpc {
        public ToolCall {
            if (!params.string("name").equals(java.util.Optional.of(tool)))
                throw new IllegalArgumentException("the tool judged must be the tool sent");
        }

        public Json.Obj arguments() {
            return params.object("arguments");
        }

        @Override
        public Kind kind() {
            return Kind.TOOL_CALL;
        }

        @Override
        public String method() {
            return "tools/call";
        }

        @Override
        public String target() {
            return server + "/" + tool;
        }
    }

    /// Any other message to a server: its kind decides which rules apply.
    record Message(Kind kind, String server, String method, Json.Obj params) implements Rpc {}

    /// The answer of an agent's side to a question that a server asked within a call (elicitation, sampling, roots).
    ///
    /// @param method the question's method
    /// @param params the result that leaves, as it is
    record Reply(Kind kind, String server, String method, Json.Obj params) implements Rpc {}

    /// A request over HTTP. What leaves is made of these members and of nothing else, but for the framing, the `Host`
    /// and a credential in its slot.
    ///
    /// @param url     `https://example.com/path?query`, in its one canonical form
    /// @param headers end-to-end ones, in order, as pairs of lower-case name and value
    /// @param body    as it leaves, byte by byte
    record HttpRequest(HttpUrl url, String method, java.util.List<HttpField> headers, HttpBody body)
            implements Outbound {
        public HttpRequest {
            headers = java.util.List.copyOf(headers);
        }

        @Override
        public Kind kind() {
            return Kind.HTTP_REQUEST;
        }

        @Override
        public String party() {
            return "host:" + url.host();
        }

        /// Without the query: names in the record are places, not values.
        @Override
        public String target() {
            return url.place();
        }

        @Override
        public Json.Obj says() {
            var fields = Json.EMPTY;
            for (var field : headers)
                if (!HttpField.USUAL.contains(field.name()))
                    fields = fields.with(field.name(), fields.string(field.name())
                            .map(before -> before + ", " + field.value())
                            .orElse(field.value()));
            var says = Json.object("url", url.text());
            if (!fields.members().isEmpty()) says = says.with("headers", fields);
            return body.isEmpty() ? says : says.with("body", body.says());
        }
    }

    /// A call of a model. What leaves is `request` and nothing else, with the provider's key in its slot.
    ///
    /// @param provider  by its name in the configuration
    /// @param model     as the request names it; empty where it names none
    /// @param operation as the catalog of formats names it: `chat`, `messages`
    /// @param parts     by which channel each part of the prompt came: by its place, a JSON Pointer into the body
    /// @param most      what it can take and bring at most
    /// @param promises  what the operator knows of the provider: `no-training`, `eu`
    record ModelCall(
            String provider, String model, String operation, HttpRequest request,
            java.util.Map<String, Channel> parts, Tokens most, java.util.Set<String> promises)
            implements Outbound {
        /// Of a provider of which nothing is known.
        public ModelCall(
                String provider, String model, String operation, HttpRequest request,
                java.util.Map<String, Channel> parts, Tokens most) {
            this(provider, model, operation, request, parts, most, java.util.Set.of());
        }

        /// A bound of what a call takes and brings, in the provider's tokens.
        ///
        /// @param in  of the prompt, never too few
        /// @param out of all answers together, never too few; what is brought beyond it was not asked for
        public record Tokens(long in, long out) {
            public static final Tokens NONE = new Tokens(0, 0);

            public Tokens {
                if (in < 0 || out < 0) throw new IllegalArgumentException("tokens are counted from 0");
            }
        }

        public ModelCall {
            parts = java.util.Map.copyOf(parts);
            promises = java.util.Set.copyOf(promises);
        }

        @Override
        public Kind kind() {
            return Kind.MODEL_CALL;
        }

        @Override
        public String party() {
            return "model:" + provider;
        }

        @Override
        public String method() {
            return operation;
        }

        @Override
        public String target() {
            return model.isEmpty() ? provider : provider + "/" + model;
        }

        @Override
        public Json.Obj says() {
            return request.body().says() instanceof Json.Obj says ? says : Json.EMPTY;
        }
    }

    /// What comes back for an action, or unasked from its server. Judged like all else.
    record Delivery(Outbound answers, Json.Obj message) implements Action {
        @Override
        public Kind kind() {
            return Kind.DELIVERY;
        }

        @Override
        public String target() {
            return answers.target();
        }
    }

    /// Changes of a session that a person brings into the real workspace.
    record FileApply(String session, java.util.List<String> paths) implements Action {
        public FileApply {
            paths = java.util.List.copyOf(paths);
        }

        @Override
        public Kind kind() {
            return Kind.FILE_APPLY;
        }

        @Override
        public String target() {
            return "session " + session;
        }
    }

    /// A call of ours to somewhere outside: traces, notices, anchors. It takes the same way as everybody's.
    ///
    /// @param host what is called, `host:port`
    /// @param body SHA-256 of what is sent, hex
    record HouseCall(String host, String method, String path, String body) implements Action {
        @Override
        public Kind kind() {
            return Kind.HOUSE_CALL;
        }

        @Override
        public String target() {
            return host;
        }
    }

    /// A person's command that widens or narrows what agents may.
    record Operator(String command, String target, Json.Obj detail) implements Action {
        @Override
        public Kind kind() {
            return Kind.OPERATOR;
        }
    }
}
