package dev.masugata.app;

import dev.masugata.credentials.Authorization;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Login;
import dev.masugata.credentials.Source;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.stream.Collectors;

/// What operators do with credentials: see how they stand, and log in where a person is needed. Never a value.
final class CredentialOrders {
    private final House house;

    CredentialOrders(House house) {
        this.house = house;
    }

    Json.Obj list() throws IOException {
        var listed = new ArrayList<Json>();
        for (var credential : house.config.credentials().values()) {
            var it = Json.object("name", credential.name()).with("at", credential.origin());
            switch (credential) {
                case Credential.Value value ->
                    listed.add(it.with("slot", value.header() + ": " + value.template())
                            .with("from", from(value.source()))
                            .with("state", state(value.source())));
                case Credential.Signing signing -> {
                    var sources = signing.signer().sources();
                    boolean there = sources.stream().allMatch(source -> state(source).equals("there"));
                    listed.add(it.with("slot", signing.signer().slot())
                            .with("from", String.join(", ", sources.stream().map(CredentialOrders::from).toList()))
                            .with("state", there ? "there" : "missing"));
                }
                case Credential.Token token -> {
                    var issuer = token.oauth().issuer().orElse("the authorization server that the server names");
                    var whole = it.with("slot", "Authorization: Bearer {}").with("from", issuer);
                    for (var each : house.authorizations.of(token.name()))
                        listed.add(whole.with("server", each.server()).with("state", each.state()));
                    if (house.authorizations.of(token.name()).isEmpty())
                        listed.add(whole.with("state", "not used by any server"));
                }
            }
        }
        return Json.object("credentials", new Json.Arr(listed));
    }

    private static String from(Source source) {
        return switch (source) {
            case Source.InFile(var file) -> "file:" + file;
            case Source.InEnvironment(var name) -> "env:" + name;
            case Source.Told(var text, _) -> text;
        };
    }

    private static String state(Source source) {
        try {
            source.value();
            return "there";
        } catch (IOException missing) {
            return "missing";
        }
    }

    /// Begins a login and answers with the page for a person.
    Json.Obj login(Json.Obj request) throws Refused {
        try {
            var page = meant(request).login(request.string("redirect").orElse(""));
            // It is shown to a person, who opens it: nothing but the web's own scheme is ever shown.
            return Json.object("page", page.toString()).with("issuer", page.getAuthority());
        } catch (IOException failed) {
            throw new Refused(1, String.valueOf(failed.getMessage()));
        }
    }

    /// Ends a login with what came back to the redirect URI.
    Json.Obj answered(Json.Obj request) throws Refused {
        try {
            var authorization = meant(request);
            authorization.answered(new Login.Answer(
                    request.string("state").orElse(""), request.string("code").orElse(""), request.string("iss"),
                    request.string("failure").orElse("")));
            return Json.object("state", authorization.state());
        } catch (IOException failed) {
            throw new Refused(1, String.valueOf(failed.getMessage()));
        }
    }

    private Authorization meant(Json.Obj request) throws Refused {
        var name = request.string("name").orElse("");
        var known = house.config.credentials();
        if (!known.containsKey(name))
            throw new Refused(1, "there is no credential `" + name + "`"
                    + (known.isEmpty() ? "; configuration names none" : "; known: "
                            + String.join(", ", known.keySet())));
        var all = house.authorizations.of(name);
        var url = request.string("server").filter(it -> !it.isEmpty());
        var meant = url.isEmpty() ? all : all.stream().filter(it -> it.server().equals(url.get())).toList();
        if (meant.isEmpty())
            throw new Refused(1, "credential `" + name + "` comes from no authorization server, or no server uses it");
        if (meant.size() > 1)
            throw new Refused(1, "credential `" + name + "` is for several servers; name one with `--server`: "
                    + meant.stream().map(Authorization::server).collect(Collectors.joining(", ")));
        return meant.getFirst();
    }
}
