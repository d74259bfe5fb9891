package dev.masugata.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.DateTime;
import com.cedarpolicy.value.Decimal;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.masugata.model.Action;
import dev.masugata.model.Evidence;
import dev.masugata.model.HttpUrl;
import dev.masugata.wire.Json;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// cedar-java asked the same. Evidence is put into its words here once more, by hand, and not by the code under test.
final class CedarOracle {
    private static final BasicAuthorizationEngine ENGINE = new BasicAuthorizationEngine();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final AuthorizationRequest request;
    private final Set<Entity> entities;

    /// @param reasons the determining policies
    /// @param errors  the policies that could not be evaluated
    record Answer(boolean allowed, Set<String> reasons, Set<String> errors) {}

    CedarOracle(Evidence evidence) {
        var session = evidence.session();
        var agent = uid("Agent", session.agent().name());
        var groups = session.agent().groups().stream().map(it -> uid("Group", it)).collect(Collectors.toSet());
        var kind = uid("Action", evidence.action().kind().word());
        boolean call = evidence.action() instanceof Action.ToolCall;
        var action = call ? uid("Action", "tool_call:" + evidence.action().target()) : kind;
        var resource = resource(evidence.action());
        entities = new HashSet<>();
        entities.add(new Entity(agent, Map.of("user", uid("User", session.agent().user())), groups));
        entities.add(new Entity(action, Map.of(), call ? Set.of(kind) : Set.of()));
        entities.add(new Entity(resource, Map.of(), resource.getType().toString().equals("Tool")
                ? Set.of(uid("Server", "files")) : Set.of()));
        request = new AuthorizationRequest(agent, action, resource, context(evidence));
    }

    private static EntityUID resource(Action action) {
        return switch (action) {
            case Action.ToolCall _ -> uid("Tool", RandomEvidence.TOOL);
            case Action.Delivery delivery -> resource(delivery.answers());
            case Action.Message message -> uid("Server", message.server());
            case Action.Reply reply -> uid("Server", reply.server());
            case Action.HttpRequest request -> uid("Host", request.url().host());
            case Action.ModelCall model -> uid("Model", model.target());
            case Action.FileApply apply -> uid("Path", apply.session());
            case Action.HouseCall _, Action.Operator _ -> throw new IllegalArgumentException("not generated");
        };
    }

    Answer ask(Collection<Statement> statements, Predicate<Statement> which) throws AuthException {
        var policies = new HashSet<Policy>();
        for (var statement : statements) if (which.test(statement)) policies.add(new Policy(statement.text(),
                statement.id()));
        var response = ENGINE.isAuthorized(request, new com.cedarpolicy.model.policy.PolicySet(policies), entities);
        var answer = response.success.orElseThrow(() -> new AssertionError(response + "\n" + statements));
        return new Answer(
                answer.isAllowed(),
                answer.getReason(),
                answer.getErrors().stream().map(it -> it.getPolicyId()).collect(Collectors.toSet()));
    }

    private static Map<String, Value> context(Evidence evidence) {
        var unmapped = new ArrayList<String>();
        var context = new HashMap<String, Value>();
        context.put("args", evidence.action() instanceof Action.ToolCall call ? arguments(call.arguments(), unmapped)
                : new CedarMap());
        context.put("session", new CedarMap(Map.of(
                "purpose", new PrimString(evidence.session().purpose()), "labels",
                        strings(evidence.facts().labels()))));
        context.put("class", new PrimString(evidence.circumstance().toolClass().name()
                .toLowerCase(java.util.Locale.ROOT)));
        context.put("findings", strings(evidence.findings().stream().map(it -> it.rule()).collect(Collectors.toSet())));
        context.put("severity", new PrimLong(evidence.severity().map(it -> it.ordinal() + 1).orElse(0)));
        context.put("opaque", strings(evidence.opaque()));
        var origins = evidence.origins();
        context.put("origins", new CedarMap(Map.of(
                "unproven", strings(origins.unproven()), "untrusted", strings(origins.untrusted()),
                "destinations", strings(origins.destinations()), "suspicious", strings(origins.suspicious()),
                "confidential", strings(origins.confidential()), "addresses", new PrimLong(origins.addresses()))));
        context.put("request", new CedarMap(Map.of(
                "address", new PrimString(evidence.circumstance().address()),
                "method", new PrimString(method(evidence.action())),
                "reviewable", new PrimBool(evidence.circumstance().reviewable()),
                "opened", new PrimString(evidence.circumstance().opened().word()),
                "scheme", new PrimString(url(evidence).map(it -> it.tls() ? "https" : "http").orElse("")),
                "host", new PrimString(url(evidence).map(HttpUrl::host).orElse("")),
                "port", new PrimLong(url(evidence).map(HttpUrl::port).orElse(0)),
                "path", new PrimString(url(evidence).map(HttpUrl::path).orElse("")),
                "promises", strings(Set.of()))));
        context.put("time", new DateTime(TIME.format(evidence.time())));
        context.put("unmapped", strings(unmapped));
        return context;
    }

    private static Optional<HttpUrl> url(Evidence evidence) {
        return evidence.action() instanceof Action.HttpRequest request ? Optional.of(request.url()) : Optional.empty();
    }

    private static String method(Action action) {
        return switch (action) {
            case Action.Outbound outbound -> outbound.method();
            case Action.Delivery delivery -> delivery.answers().method();
            case Action.FileApply _ -> "apply";
            case Action.HouseCall _, Action.Operator _ -> throw new IllegalArgumentException("not generated");
        };
    }

    private static CedarMap arguments(Json.Obj arguments, List<String> unmapped) {
        var map = new HashMap<String, Value>();
        arguments.members().forEach((name, value) -> {
            if (name.equals("extra")) unmapped.add("/extra");
            else map.put(name, value(name, value));
        });
        return new CedarMap(map);
    }

    private static Value value(String name, Json json) {
        return switch (json) {
            case Json.Str(var text, _) -> new PrimString(text);
            case Json.Bool(var flag) -> new PrimBool(flag);
            case Json.Num number -> name.equals("ratio")
                    ? new Decimal(number.asDecimal().setScale(4, RoundingMode.UNNECESSARY).toPlainString())
                    : new PrimLong(number.asLong().orElseThrow());
            case Json.Arr(var items, _) -> new CedarList(items.stream().map(it -> value("", it)).toList());
            case Json.Obj object -> new CedarMap(object.members().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, it -> value(it.getKey(), it.getValue()))));
            default -> throw new IllegalArgumentException("not generated");
        };
    }

    private static CedarList strings(Collection<String> texts) {
        return new CedarList(texts.stream().map(it -> (Value) new PrimString(it)).toList());
    }

    static EntityUID uid(String type, String id) {
        return new EntityUID(EntityTypeName.parse(type).orElseThrow(), id);
    }
}
