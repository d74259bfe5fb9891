package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.checkpoint.Slot;
import dev.masugata.credentials.Credential;
import dev.masugata.gates.egress.EgressGate;
import dev.masugata.gates.llm.Provider;
import dev.masugata.model.Circumstance;
import dev.masugata.net.Headers;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The providers of models that configuration names, each with the slot of its key.
final class ModelProviders {
    private ModelProviders() {}

    static Map<String, Provider> of(Config config) {
        var all = new LinkedHashMap<String, Provider>();
        for (var entry : config.providers().values()) {
            var credential = entry.credential().map(config.credentials()::get);
            Slot slot = credential.isPresent() && credential.get() instanceof Credential.Value value
                    ? value::fill
                    : ModelProviders::nothing;
            var lent = entry.credential().map(it -> new Circumstance.Lent(it, "")).orElse(Circumstance.Lent.NONE);
            all.put(entry.name(), new Provider(
                    entry.name(), entry.format(), entry.url(), slot, lent, entry.instead(), entry.promises(),
                            entry.allow()));
        }
        return all;
    }

    /// What clients of providers look for in a run: where to call, and a key that is none. Of each format one provider:
    /// the one of its name, or the first.
    static Map<String, String> environment(Config config) {
        var environment = new LinkedHashMap<String, String>();
        for (var client : CLIENTS) {
            var all = config.providers().values().stream().filter(it -> it.format().name().equals(client.format))
                    .toList();
            if (all.isEmpty()) continue;
            var provider = all.stream().filter(it -> it.name().equals(client.format)).findFirst()
                    .orElse(all.getFirst());
            environment.put(client.base, "http://masugata.internal/llm/" + provider.name() + client.path);
            environment.put(client.key, EgressGate.PLACEHOLDER + provider.name());
        }
        return environment;
    }

    private record Client(String format, String base, String path, String key) {}

    private static final List<Client> CLIENTS = List.of(
            new Client("openai", "OPENAI_BASE_URL", "/v1", "OPENAI_API_KEY"),
            new Client("anthropic", "ANTHROPIC_BASE_URL", "", "ANTHROPIC_API_KEY"),
            new Client("gemini", "GOOGLE_GEMINI_BASE_URL", "", "GEMINI_API_KEY"));

    private static Headers nothing(Headers headers) throws IOException {
        return headers;
    }
}
