package dev.masugata.gates.llm;

import dev.masugata.checkpoint.ModelRate;
import dev.masugata.gates.llm.Format.Operation;
import dev.masugata.model.Action;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// Brings a request into the one form in which it is judged and sent, or says why it has none.
public final class Prompts {
    /// Tokens that a picture, a sound or a document may take beyond its bytes.
    static final long MEDIA_TOKENS = 8_000;

    /// Tokens of an answer where nobody said how many its model has at most.
    static final long OUT_TOKENS = 128_000;

    /// Tokens that a request may ask for.
    private static final long LIMIT_MAX = 100_000_000;

    /// Answers to one prompt.
    static final long CHOICES_MAX = 128;

    private static final Set<String> QUERY =
            Set.of("beta", "limit", "after_id", "before_id", "pageSize", "pageToken");

    private final BiFunction<String, String, Optional<ModelRate>> rates;

    /// @param rates what a provider's model costs
    public Prompts(BiFunction<String, String, Optional<ModelRate>> rates) {
        this.rates = rates;
    }

    sealed interface Prompt {}

    /// @param doubt why it must not go; empty if nothing speaks against it
    record Read(Action.ModelCall call, List<Reading.Effect> effects, String doubt) implements Prompt {}

    record Unread(int status, String rule, String why) implements Prompt {}

    Prompt read(
            Provider provider, Operation operation, String version, String rest, String query, Headers headers,
            HttpBody body) {
        var url = HttpUrl.of(provider.address(version, rest) + kept(operation, query));
        if (url.isEmpty()) return new Unread(400, "model/url", "the address is not in its canonical form");
        if (operation.body().isEmpty()) return read(provider, operation, url.get(), rest, headers, Json.EMPTY,
                HttpBody.NONE);
        if (!(body.says() instanceof Json.Obj says) || body.isUnread())
            return new Unread(400, "model/malformed", "the body must be strict JSON: one object, no name twice");
        return read(provider, operation, url.get(), rest, headers, says, body);
    }

    private Read read(
            Provider provider, Operation operation, HttpUrl url, String rest, Headers headers, Json.Obj says,
            HttpBody body) {
        var named = operation.named(rest);
        var model = named.isEmpty() ? says.string("model").orElse("") : named;
        var rate = rates.apply(provider.name(), model);
        var written = says;
        for (var absent : operation.absent().members().entrySet())
            if (says.at(absent.getKey()).filter(it -> !(it instanceof Json.Null)).isEmpty())
                written = written.with(absent.getKey(), absent.getValue());
        var limit = operation.limits().map(it -> limit(it, says)).orElse(Optional.empty());
        if (operation.limits().isPresent() && !operation.limits().get().isEmpty() && limit.isEmpty()
                && rate.isPresent())
            written = write(written, operation.limits().get().getFirst(), rate.get().outMax());
        var doubt = new ArrayList<String>();
        var reading = new Reading(provider.format().shapes);
        if (!operation.body().isEmpty()) reading.of(operation.body(), written);
        reading.doubt().ifPresent(doubt::add);
        if (limit.isPresent() && (limit.get() < 1 || limit.get() > LIMIT_MAX)) doubt.add("the answer's limit is odd");
        long choices = operation.choices().isEmpty() ? 1 : at(says, operation.choices()).orElse(1L);
        if (choices < 1 || choices > CHOICES_MAX) doubt.add("it wants an odd number of answers");
        if (!operation.body().isEmpty() && model.isEmpty()) doubt.add("it names no model");
        if (operation.id().equals("chat") && written.isTrue("stream") && rate.isPresent())
            written = written.with("stream_options", written.object("stream_options").with("include_usage", Json.TRUE));
        var leaves = written == says ? body : HttpBody.of(JsonWriter.bytes(written), "application/json", "");
        long out = operation.limits().filter(it -> it.isEmpty()).isPresent()
                ? 0
                : Math.clamp(limit.orElse(rate.map(ModelRate::outMax).orElse(OUT_TOKENS)), 0, LIMIT_MAX)
                        * Math.clamp(choices, 1, CHOICES_MAX);
        var tokens = operation.limits().isEmpty()
                ? Action.ModelCall.Tokens.NONE
                : new Action.ModelCall.Tokens(leaves.size() + MEDIA_TOKENS * media(says), out);
        var fields = fields(provider.format(), headers, doubt);
        var request = new Action.HttpRequest(url, operation.method(), fields, leaves);
        return new Read(
                new Action.ModelCall(provider.name(), model, operation.id(), request, reading.parts(), tokens,
                        provider.promises()),
                reading.effects(), doubt.isEmpty() ? "" : doubt.getFirst());
    }

    /// Only what has a meaning here goes on; the key that some clients put there is not among it.
    private static String kept(Operation operation, String query) {
        var kept = new ArrayList<String>();
        // Another form of the answer could not be read.
        if (operation.id().equals("stream")) kept.add("alt=sse");
        for (var pair : query.split("&"))
            if (QUERY.contains(pair.split("=", 2)[0])) kept.add(pair);
        return kept.isEmpty() ? "" : "?" + String.join("&", kept);
    }

    private static List<HttpField> fields(Format format, Headers headers, List<String> doubt) {
        var fields = new ArrayList<HttpField>();
        fields.add(new HttpField("content-type", "application/json"));
        for (var field : headers) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (format.headers.contains(name)) fields.add(new HttpField(name, field.value()));
            if (!format.betaHeader.equals(Optional.of(name))) continue;
            for (var word : field.value().split(","))
                if (!word.isBlank() && !format.betas.contains(word.strip()))
                    doubt.add("the beta `" + word.strip() + "` is not known to be without effect");
        }
        return fields;
    }

    /// The greatest of what is said.
    private static Optional<Long> limit(List<String> places, Json.Obj says) {
        return places.stream().flatMap(it -> at(says, it).stream()).max(Long::compare);
    }

    /// -1 where it is said, and is no whole number.
    private static Optional<Long> at(Json.Obj says, String place) {
        var steps = place.split("/");
        var within = says;
        for (int i = 0; i < steps.length - 1; i++) within = within.object(steps[i]);
        var last = steps[steps.length - 1];
        var holder = within;
        return within.at(last).filter(it -> !(it instanceof Json.Null)).map(_ -> holder.integer(last).orElse(-1L));
    }

    private static Json.Obj write(Json.Obj says, String place, long value) {
        int slash = place.indexOf('/');
        if (slash < 0) return says.with(place, Json.of(value));
        var name = place.substring(0, slash);
        return says.with(name, says.object(name).with(place.substring(slash + 1), Json.of(value)));
    }

    private static final Set<String> MEDIA = Set.of(
            "image_url", "input_audio", "input_image", "input_file", "image", "document", "inlineData", "inline_data",
            "fileData", "file");

    private static long media(Json value) {
        return switch (value) {
            case Json.Obj object -> {
                long count = 0;
                for (var member : object.members().entrySet()) {
                    if (MEDIA.contains(member.getKey())) count++;
                    count += media(member.getValue());
                }
                yield count + object.string("type").filter(MEDIA::contains).map(_ -> 1L).orElse(0L);
            }
            case Json.Arr(var items, _) -> items.stream().mapToLong(Prompts::media).sum();
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> 0;
        };
    }
}
