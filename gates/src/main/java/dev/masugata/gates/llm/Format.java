package dev.masugata.gates.llm;

import dev.masugata.checkpoint.AnswerShape;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The API of one kind of providers, as the catalog describes it (`catalog/models/*.json`): what can be asked, and
/// which parts of it make the provider act, fetch or remember.
public final class Format {
    /// By the names that configuration knows them by.
    public static final Map<String, Format> ALL = Map.of(
            "openai", new Format("openai"), "anthropic", new Format("anthropic"), "gemini", new Format("gemini"));

    /// One thing that can be asked.
    ///
    /// @param path    behind the version, with `*` for one segment or a part of it
    /// @param body    the shape of its body; empty: it has none
    /// @param limits  where the body says how long the answer may be, the first being written where none is; absent:
    ///                it costs nothing
    /// @param choices where the body says how many answers it wants; empty: it wants one
    /// @param absent  what is written into a body that does not say it
    record Operation(
            String id, String method, String path, String body, Optional<List<String>> limits, String choices,
            Json.Obj absent) {
        boolean fits(String itsMethod, String itsPath) {
            if (!method.equals(itsMethod)) return false;
            int star = path.indexOf('*');
            if (star < 0) return path.equals(itsPath);
            var end = path.substring(star + 1);
            if (!itsPath.startsWith(path.substring(0, star)) || !itsPath.endsWith(end)) return false;
            int to = itsPath.length() - end.length();
            return to > star && NAME.matcher(itsPath.substring(star, to)).matches();
        }

        /// What stands for the star.
        String named(String itsPath) {
            int star = path.indexOf('*');
            return star < 0 ? "" : itsPath.substring(star, itsPath.length() - (path.length() - star - 1));
        }
    }

    /// Names of models, in some with the account that tuned it; no step of a path that leads elsewhere.
    private static final Pattern NAME =
            Pattern.compile("(?!.*(?:\\.\\.|//|/\\./|:.*/))[A-Za-z0-9][A-Za-z0-9._@:/-]{0,199}");

    final String name;
    final List<Operation> operations;
    final Json.Obj shapes;
    /// End-to-end header fields that go on to the provider.
    final Set<String> headers;
    /// Of the field that switches on what is not finished, the words that change nothing but the answer's form.
    final Optional<String> betaHeader;
    final Set<String> betas;

    private Format(String name) {
        var data = read(name);
        this.name = name;
        this.shapes = data.object("shapes");
        this.headers = texts(data, "headers");
        this.betaHeader = data.object("betas").string("header");
        this.betas = texts(data.object("betas"), "known");
        var all = new ArrayList<Operation>();
        for (var item : data.items("operations")) {
            if (!(item instanceof Json.Obj one)) throw new IllegalStateException("an operation is an object");
            all.add(new Operation(
                    one.string("id").orElseThrow(), one.string("method").orElseThrow(), one.string("path")
                            .orElseThrow(),
                    one.string("body").orElse(""),
                    one.at("limits").map(_ -> List.copyOf(texts(one, "limits", new ArrayList<>()))),
                    one.string("choices").orElse(""), one.object("absent")));
        }
        this.operations = List.copyOf(all);
    }

    static Json.Obj read(String name) {
        var file = "/catalog/models/" + name + ".json";
        try (var in = Format.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException("the catalog has no " + file);
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public String name() {
        return name;
    }

    /// What its providers do by themselves, by the catalog's names.
    public Set<String> effects() {
        var names = new java.util.TreeSet<String>();
        effects(shapes, names);
        return names;
    }

    private static void effects(Json value, Set<String> into) {
        switch (value) {
            case Json.Obj object -> {
                if (object.at("class").isPresent())
                    object.string("effect").or(() -> object.string("true")).ifPresent(into::add);
                object.members().values().forEach(it -> effects(it, into));
            }
            case Json.Arr(var items, _) -> items.forEach(it -> effects(it, into));
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static Set<String> texts(Json.Obj data, String name) {
        return texts(data, name, new ArrayList<>()).stream().collect(Collectors.toUnmodifiableSet());
    }

    private static List<String> texts(Json.Obj data, String name, List<String> into) {
        for (var item : data.items(name)) if (item instanceof Json.Str(var text, _)) into.add(text);
        return into;
    }

    /// @param path behind the version
    Optional<Operation> operation(String method, String path) {
        return operations.stream().filter(it -> it.fits(method, path)).findFirst();
    }

    /// How answers to it are read.
    AnswerShape answers(Operation operation) {
        return switch (name) {
            case "anthropic" -> new AnthropicAnswers();
            case "gemini" -> new GeminiAnswers();
            default -> operation.id().equals("responses") ? new ResponsesAnswers() : new ChatAnswers();
        };
    }

    /// An error as providers of this format tell it.
    ///
    /// @param status of HTTP: 400, 401, 403, 404, 413, 429, 502 or 503
    Json.Obj error(int status, String message, String code) {
        return switch (name) {
            case "anthropic" -> Json.object("type", "error")
                    .with("error", Json.object("type", switch (status) {
                        case 401 -> "authentication_error";
                        case 403 -> "permission_error";
                        case 404 -> "not_found_error";
                        case 413 -> "request_too_large";
                        case 429 -> "rate_limit_error";
                        case 502, 503 -> "api_error";
                        default -> "invalid_request_error";
                    }).with("message", message));
            case "gemini" -> Json.object("error", Json.object("code", Json.of(status)).with("message", message)
                    .with("status", switch (status) {
                        case 401 -> "UNAUTHENTICATED";
                        case 403 -> "PERMISSION_DENIED";
                        case 404 -> "NOT_FOUND";
                        case 429 -> "RESOURCE_EXHAUSTED";
                        case 502, 503 -> "UNAVAILABLE";
                        default -> "INVALID_ARGUMENT";
                    }));
            default -> Json.object("error", Json.object("message", message)
                    .with("type", status == 429 ? "insufficient_quota" : status >= 500 ? "server_error"
                            : "invalid_request_error")
                    .with("param", Json.NULL).with("code", code));
        };
    }
}
