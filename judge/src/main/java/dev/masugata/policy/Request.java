package dev.masugata.policy;

import dev.masugata.model.Action;
import dev.masugata.model.Evidence;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Severity;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One evidence as Cedar sees it: principal, action, resource, context. What is costly is made when it is asked for.
///
/// Values are Java's: `Boolean`, `Long`, `String`, [EntityUid], `Set`, `Map` and [Extension].
final class Request {
    /// Reads one member of the context; chosen when a policy is compiled, so that deciding looks nothing up by name.
    interface Accessor {
        Object of(Request request);
    }

    /// The members of `context`, for every action.
    static final Map<String, Accessor> CONTEXT = Map.of(
            "args", request -> request.arguments.values(),
            "unmapped", request -> request.arguments.unmapped(),
            "session", request -> Map.of("purpose", request.purpose(), "labels", request.labels()),
            "class", request -> request.evidence.circumstance().toolClass().word(),
            "findings", Request::findings,
            "severity", Request::severity,
            "opaque", request -> request.evidence.opaque(),
            "origins", Request::origins,
            "request", Request::request,
            "time", request -> new Extension.Datetime(request.evidence.time().toEpochMilli()));

    private static final Map<String, Accessor> ORIGINS = Map.of(
            "unproven", request -> request.evidence.origins().unproven(),
            "untrusted", request -> request.evidence.origins().untrusted(),
            "destinations", request -> request.evidence.origins().destinations(),
            "suspicious", request -> request.evidence.origins().suspicious(),
            "confidential", request -> request.evidence.origins().confidential(),
            "addresses", request -> (long) request.evidence.origins().addresses());

    private static final Map<String, Accessor> REQUEST = Map.of(
            "address", Request::address,
            "method", Request::method,
            "reviewable", Request::reviewable,
            "opened", request -> request.evidence.circumstance().opened().word(),
            "scheme", request -> request.url().map(it -> it.tls() ? "https" : "http").orElse(""),
            "host", request -> request.url().map(HttpUrl::host).orElse(""),
            "port", request -> request.url().map(it -> (long) it.port()).orElse(0L),
            "path", request -> request.url().map(HttpUrl::path).orElse(""),
            "promises", Request::promises);

    /// The members of `context.session`, `context.request` and `context.origins`, without the record around them.
    static final Map<String, Map<String, Accessor>> WITHIN = Map.of(
            "session", Map.of("purpose", Request::purpose, "labels", Request::labels),
            "origins", ORIGINS,
            "request", REQUEST);

    private static final Map<Action.Kind, EntityUid> KINDS = new EnumMap<>(Action.Kind.class);

    static {
        for (var kind : Action.Kind.values()) KINDS.put(kind, new EntityUid("Action", kind.word()));
    }

    private final Evidence evidence;
    private final ArgumentShape.Typed arguments;
    /// What each condition said of this request, by its number; null where none was asked yet.
    final PolicySet.@Nullable Match[] answers;
    final EntityUid principal;
    final EntityUid action;
    final EntityUid kind;
    final EntityUid resource;
    private @Nullable Set<Object> findings;
    private @Nullable Object severity;

    /// @param action     the kind, or the pinned tool in it
    /// @param conditions how many conditions the policies have
    Request(
            Evidence evidence, ArgumentShape.Typed arguments, EntityUid action, EntityUid resource, int conditions) {
        this.evidence = evidence;
        this.arguments = arguments;
        this.principal = new EntityUid("Agent", evidence.session().agent().name());
        this.kind = kind(evidence);
        this.action = action;
        this.resource = resource;
        this.answers = new PolicySet.Match[conditions];
    }

    static EntityUid kind(Evidence evidence) {
        return Objects.requireNonNull(KINDS.get(evidence.action().kind()));
    }

    static EntityUid resource(Evidence evidence) {
        return resource(evidence.action());
    }

    private static EntityUid resource(Action action) {
        return switch (action) {
            case Action.ToolCall call -> new EntityUid("Tool", call.target());
            case Action.Rpc rpc -> new EntityUid("Server", rpc.server());
            case Action.HttpRequest request -> new EntityUid("Host", request.url().host());
            case Action.ModelCall call -> new EntityUid("Model", call.target());
            case Action.Delivery delivery -> resource(delivery.answers());
            case Action.FileApply apply -> new EntityUid("Path", apply.session());
            case Action.HouseCall call -> new EntityUid("Host", call.host());
            case Action.Operator command -> new EntityUid("Path", command.target());
        };
    }

    Object variable(Expr.Var var) {
        return switch (var) {
            case PRINCIPAL -> principal;
            case ACTION -> action;
            case RESOURCE -> resource;
            case CONTEXT -> context();
        };
    }

    /// The whole context; for the rare policy that compares it as a value.
    private Map<String, Object> context() {
        var whole = new LinkedHashMap<String, Object>();
        CONTEXT.forEach((name, accessor) -> whole.put(name, accessor.of(this)));
        return whole;
    }

    private Object purpose() {
        return evidence.session().purpose();
    }

    private Object labels() {
        return evidence.facts().labels();
    }

    private Object address() {
        return evidence.circumstance().address();
    }

    private Object reviewable() {
        return evidence.circumstance().reviewable();
    }

    private Object request() {
        var whole = new LinkedHashMap<String, Object>();
        REQUEST.forEach((name, accessor) -> whole.put(name, accessor.of(this)));
        return whole;
    }

    /// Where it goes, if that is a place of the network.
    private Optional<HttpUrl> url() {
        return evidence.action() instanceof Action.HttpRequest request ? Optional.of(request.url()) : Optional.empty();
    }

    /// What is known of the provider that is asked, or that has answered.
    private Object promises() {
        return switch (evidence.action()) {
            case Action.ModelCall call -> call.promises();
            case Action.Delivery(Action.ModelCall call, _) -> call.promises();
            default -> Set.of();
        };
    }

    private Object origins() {
        var whole = new LinkedHashMap<String, Object>();
        ORIGINS.forEach((name, accessor) -> whole.put(name, accessor.of(this)));
        return whole;
    }

    /// The rules that saw something, and their families: `secret/github-token` and `secret`.
    private Set<Object> findings() {
        var known = findings;
        if (known != null) return known;
        var rules = new LinkedHashSet<Object>();
        for (var finding : evidence.findings()) {
            rules.add(finding.rule());
            rules.add(finding.family());
        }
        return findings = rules;
    }

    /// 0: nothing was found; then 1 (info) to 5 (critical).
    private Object severity() {
        var known = severity;
        if (known != null) return known;
        Severity worst = null;
        for (Finding finding : evidence.findings())
            if (worst == null || finding.severity().compareTo(worst) > 0) worst = finding.severity();
        return severity = worst == null ? 0L : worst.ordinal() + 1L;
    }

    private String method() {
        return switch (evidence.action()) {
            case Action.Outbound outbound -> outbound.method();
            case Action.Delivery delivery -> delivery.answers().method();
            case Action.FileApply _ -> "apply";
            case Action.HouseCall call -> call.method();
            case Action.Operator command -> command.command();
        };
    }

    Object attribute(EntityUid entity, String name) {
        if (entity.type().equals("Agent") && name.equals("user") && entity.equals(principal))
            return new EntityUid("User", evidence.session().agent().user());
        throw new EvalError("`" + entity + "` has no attribute `" + name + "`");
    }

    boolean hasAttribute(EntityUid entity, String name) {
        return entity.equals(principal) && name.equals("user");
    }

    /// What a policy's head says of an entity.
    boolean isWithin(EntityUid entity, Statement.Scope scope) {
        return switch (scope) {
            case Statement.Scope.Any _ -> true;
            case Statement.Scope.Equal(var other) -> entity.equals(other);
            case Statement.Scope.In(var others) -> others.stream().anyMatch(it -> isIn(entity, it));
            case Statement.Scope.Is(var type, var in) ->
                entity.type().equals(type) && (in.isEmpty() || isIn(entity, in.get()));
        };
    }

    /// Cedar's `in`: the same entity, or a member of it.
    boolean isIn(EntityUid entity, EntityUid ancestor) {
        if (entity.equals(ancestor)) return true;
        return switch (ancestor.type()) {
            case "Group" -> entity.equals(principal) && evidence.session().agent().groups().contains(ancestor.id());
            case "Action" -> entity.equals(action) && kind.equals(ancestor);
            case "Server" -> entity.equals(resource)
                    && entity.type().equals("Tool")
                    // A server's name has no slash; a tool's may.
                    && entity.id().indexOf('/') == ancestor.id().length()
                    && entity.id().startsWith(ancestor.id());
            case "Provider" -> entity.equals(resource)
                    && entity.type().equals("Model")
                    && (entity.id() + "/").startsWith(ancestor.id() + "/");
            default -> false;
        };
    }
}
