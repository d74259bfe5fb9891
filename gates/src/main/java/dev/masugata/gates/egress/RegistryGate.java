package dev.masugata.gates.egress;

import dev.masugata.checkpoint.RegistryExit;
import dev.masugata.checkpoint.Slot;
import dev.masugata.model.HttpUrl;
import dev.masugata.net.Headers;
import dev.masugata.net.Opening;
import dev.masugata.net.ProxyHandler;
import dev.masugata.net.Request;
import dev.masugata.net.Response;
import dev.masugata.net.Wanted;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/// The proxy of the sealed installer: it reads from the origins of package registries, and reaches nothing else.
public final class RegistryGate implements ProxyHandler {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final RegistryExit exit;
    private final Set<String> origins;
    private final BiFunction<HttpUrl, String, Optional<Openings.Lent>> credentials;
    private final AtomicReference<String> refused = new AtomicReference<>("");

    /// @param origins     as [HttpUrl#origin] writes them
    /// @param credentials that belong to a place, by URL and method
    public RegistryGate(
            RegistryExit exit, Set<String> origins,
            BiFunction<HttpUrl, String, Optional<Openings.Lent>> credentials) {
        this.exit = exit;
        this.origins = Set.copyOf(origins);
        this.credentials = credentials;
    }

    /// The last origin that the installer wanted and did not get; empty if there was none.
    public String refused() {
        return refused.get();
    }

    @Override
    public Opening open(Wanted wanted) {
        return new Opening.Inspected(wanted.host(), wanted.port(), wanted);
    }

    @Override
    public Response handle(Request request) {
        var url = Reading.url(request);
        if (url.isEmpty()) return Response.text(400, "this is a proxy: name the whole URL\n");
        if (!READING.contains(request.method()))
            return Response.text(403, "packages are read here, and nothing is sent\n");
        if (!origins.contains(url.get().origin())) {
            refused.set(url.get().origin());
            return Response.text(403, url.get().origin() + " is no registry of packages\n");
        }
        var lent = credentials.apply(url.get(), request.method());
        var headers = Headers.EMPTY;
        for (var field : Reading.fields(request.headers()))
            if (!Reading.CREDENTIALS.contains(field.name())) headers = headers.plus(field.name(), field.value());
        return exit.read(url.get(), request.method(), headers, lent.map(Openings.Lent::slot).orElse(Slot.NONE));
    }
}
