package dev.masugata.app.config;

import dev.masugata.app.config.Config.ProviderEntry;
import dev.masugata.checkpoint.ModelRate;
import dev.masugata.credentials.Credential;
import dev.masugata.gates.llm.Format;
import dev.masugata.gates.llm.ShippedRates;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Money;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `llm.providers`: who answers calls of models, and what that costs.
final class ModelSection {
    private static final String MONEY = "an amount for a million tokens such as `2.50 USD`, with six digits behind the"
            + " point at most";

    private final Map<String, Credential> credentials;
    private final List<ModelRate> rates = new ArrayList<>();

    /// @param credentials those that there are
    ModelSection(Map<String, Credential> credentials) {
        this.credentials = credentials;
    }

    /// @param providers by name
    /// @param rates     of their models: the configuration's own before those of the catalog
    record Models(Map<String, ProviderEntry> providers, List<ModelRate> rates) {}

    Models read(Section top) {
        var llm = top.section("llm");
        var all = llm.section("providers");
        var providers = new LinkedHashMap<String, ProviderEntry>();
        for (var name : List.copyOf(all.names())) {
            if (!name.matches("[a-z0-9-]{1,64}"))
                all.problemAt(name, "`" + name + "`: a provider's name is of a to z, 0 to 9 and `-`");
            var entry = all.section(name);
            provider(all, entry, name).ifPresent(it -> providers.put(name, it));
            entry.done();
        }
        for (var one : providers.values()) instead(all, one, providers);
        all.done();
        llm.done();
        return new Models(providers, List.copyOf(rates));
    }

    private Optional<ProviderEntry> provider(Section all, Section entry, String name) {
        var url = entry.parsed("url", "an address such as https://api.example.com/v1, without a query", it ->
                url(it).filter(at -> at.query().isEmpty()).map(_ -> it.replaceFirst("/$", "")));
        if (!entry.names().contains("url")) all.problemAt(name, "provider `" + name + "` needs a `url`");
        var format = entry.parsed("format", "`openai`, `anthropic` or `gemini`", it ->
                Optional.ofNullable(Format.ALL.get(it))).orElseGet(() -> switch (name) {
                    case "anthropic", "gemini" -> Format.ALL.get(name);
                    default -> Format.ALL.get("openai");
                });
        var credential = entry.text("credential");
        credential.ifPresent(it -> check(entry, it, url));
        var allow = entry.texts("allow");
        for (var effect : allow)
            if (!format.effects().contains(effect))
                entry.problemAt("allow", "`" + effect + "` is nothing that such a provider does by itself; there is "
                        + String.join(", ", format.effects()));
        for (var model : entry.sections("models")) {
            rate(model, name).ifPresent(rates::add);
            model.done();
        }
        rates.addAll(ShippedRates.of(name, format));
        var instead = entry.texts("instead");
        return url.map(it -> new ProviderEntry(
                name, format, it, credential, List.copyOf(instead), promises(entry), Set.copyOf(allow)));
    }

    /// Of an origin alone, too.
    private static Optional<HttpUrl> url(String text) {
        return HttpUrl.of(text).or(() -> HttpUrl.of(text + "/"));
    }

    private static Set<String> promises(Section entry) {
        var promises = entry.texts("promises");
        for (var one : promises)
            if (!one.matches("[a-z0-9-]{1,64}"))
                entry.problemAt("promises", "`" + one + "`: a promise is a word of a to z, 0 to 9 and `-`");
        return Set.copyOf(promises);
    }

    /// Another one must understand the same request.
    private static void instead(Section all, ProviderEntry entry, Map<String, ProviderEntry> providers) {
        for (var name : entry.instead()) {
            var other = providers.get(name);
            if (other == null || other.name().equals(entry.name()))
                all.problemAt(entry.name(), "`instead` names `" + name + "`, which is no other provider"
                        + Nearest.of(name, new java.util.HashSet<>(providers.keySet().stream()
                                .filter(it -> !it.equals(entry.name())).toList()))
                                        .map(it -> "; did you mean `" + it + "`?").orElse(""));
            else if (other.format() != entry.format())
                all.problemAt(entry.name(), "`instead` names `" + name + "`, which has another format: nothing is"
                        + " translated");
        }
    }

    private void check(Section entry, String name, Optional<String> url) {
        var known = credentials.get(name);
        if (known == null)
            entry.problemAt("credential", "there is no `credentials." + name + "`"
                    + Nearest.of(name, credentials.keySet()).map(it -> "; did you mean `" + it + "`?").orElse(""));
        else if (url.isPresent() && !known.isFor(url(url.get()).orElseThrow().origin()))
            entry.problemAt("credential", "`credentials." + name + "` is `at` another origin than " + url.get());
        else if (!(known instanceof Credential.Value))
            entry.problemAt("credential", "`credentials." + name + "` is no `value`: a provider takes a key");
    }

    private Optional<ModelRate> rate(Section entry, String provider) {
        var model = entry.text("model");
        var in = entry.parsed("in", MONEY, ModelSection::money);
        var out = entry.parsed("out", MONEY, ModelSection::money);
        var cached = entry.parsed("cached", MONEY, ModelSection::money);
        var written = entry.parsed("written", MONEY, ModelSection::money);
        var most = entry.parsed("out_max", "a number of tokens", it ->
                it.matches("[1-9][0-9]{0,7}") ? Optional.of(Long.parseLong(it)) : Optional.empty());
        if (model.isEmpty() || in.isEmpty() || out.isEmpty() || most.isEmpty()) {
            entry.problem(null, "a model needs `model` (with `*` at its end for all that begin so), `in`, `out` and"
                    + " `out_max`");
            return Optional.empty();
        }
        var currency = in.get().currency();
        for (var one : List.of(out, cached, written))
            if (one.isPresent() && !one.get().currency().equals(currency)) {
                entry.problem(null, "the prices of a model are in one currency");
                return Optional.empty();
            }
        return Optional.of(new ModelRate(
                provider, model.get(), in.get(), cached.orElse(in.get()), written.orElse(in.get()), out.get(),
                most.get()));
    }

    private static Optional<Money> money(String text) {
        return Money.of(text).filter(it -> it.amount().scale() <= 6);
    }
}
