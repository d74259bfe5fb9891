package dev.masugata.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.DateTime;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/// Measures a decision beside cedar-java's own, over the same fifty policies and the same request, in one run.
public final class PolicyBench {
    private static final int PERMITS = 40;
    private static final int FORBIDS = 10;
    private static final int ROUNDS = 5;

    private PolicyBench() {}

    /// @param oursNanos   one decision of ours in nanoseconds of processor time, the median round
    /// @param cedarNanos  one of cedar-java, its policies and schema cached
    public record Result(int policies, double oursNanos, double cedarNanos) {}

    public static Result run(boolean json, PrintStream out) throws PolicyProblem.Invalid, AuthException, CacheException {
        var source = new Source("bench.cedar", policies());
        var ours = PolicyLoader.load(List.of(source), Map.of("files/read_file", schema()));
        var evidence = evidence();
        double mine = nanos(20_000, 200_000, () -> ours.decide(evidence, Set.of()).because().size());
        var cedar = cedar(source);
        double theirs = nanos(50, 300, cedar);
        var result = new Result(ours.size(), mine, theirs);
        if (json) out.println(Json.object("policies", Json.of(result.policies()))
                .with("nanos", Math.round(mine))
                .with("cedarJavaNanos", Math.round(theirs)));
        else out.printf("policy: %d policies, %.0f ns a decision; cedar-java, cached: %.0f ns (%.0f times)%n", result.policies(), mine, theirs, theirs / mine);
        return result;
    }

    /// By the thread's own processor time: what else this machine does meanwhile is not the decision's.
    private static double nanos(int warm, int count, IntSupplier decision) {
        var threads = ManagementFactory.getThreadMXBean();
        int kept = 0;
        for (int i = 0; i < warm; i++) kept += decision.getAsInt();
        var rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long began = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < count; i++) kept += decision.getAsInt();
            rounds[round] = (threads.getCurrentThreadCpuTime() - began) / (double) count;
        }
        // Printed nowhere, but the loop must have a result or it may be left out.
        if (kept == Integer.MIN_VALUE) throw new IllegalStateException("impossible");
        java.util.Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    /// Forty permits of six conditions of which the last one fits, and ten forbids of three that do not.
    private static String policies() {
        var text = new StringBuilder();
        for (int i = 0; i < PERMITS; i++)
            text.append("@id(\"permit-").append(i).append("\")\npermit (principal in Group::\"engineering\", action in Action::\"tool_call\", resource)\n")
                    .append("when { context.class == \"read\" && context.request.reviewable == false && context.severity < 4\n")
                    .append("  && context.session.purpose like \"*fix*\" && !context.session.labels.contains(\"secret\")\n")
                    .append("  && context.args has path && context.args.path like \"/srv/").append(i).append("/*\" };\n");
        for (int i = 0; i < FORBIDS; i++)
            text.append("@id(\"forbid-").append(i).append("\")\nforbid (principal, action in Action::\"tool_call\", resource)\n")
                    .append("when { context.findings.contains(\"rule-").append(i).append("\") || context.severity >= 5\n")
                    .append("  || context.session.labels.contains(\"label-").append(i).append("\") };\n");
        return text.toString();
    }

    private static Json.Obj schema() {
        var path = Json.object("path", Json.object("type", "string"));
        return Json.object("type", "object").with("properties", path).with("required", Json.strings(List.of("path")));
    }

    private static Evidence evidence() {
        var agent = new Principal.Agent("coder", "alice", Set.of("engineering"));
        var session = new Session("s-bench", agent, "fix the checkout", Session.Kind.TOKEN);
        var params = Json.object("name", "read_file").with("arguments", Json.object("path", "/srv/39/notes.txt"));
        return new Evidence(
                session,
                new Action.ToolCall("files", "read_file", params),
                new Circumstance("127.0.0.1", ToolClass.READ, "", false),
                List.of(new Finding("rule-x", Severity.LOW, "")),
                Set.of(),
                new Facts(Set.of("untrusted"), false, Set.of()),
                Instant.parse("2026-01-31T09:00:00Z"));
    }

    private static IntSupplier cedar(Source source) throws PolicyProblem.Invalid, AuthException, CacheException {
        var policies = new HashSet<Policy>();
        for (var statement : Parser.parse(source)) policies.add(new Policy(statement.text(), statement.id()));
        var set = new com.cedarpolicy.model.policy.PolicySet(policies);
        set.cache();
        var engine = new BasicAuthorizationEngine();
        var agent = uid("Agent", "coder");
        var group = uid("Group", "engineering");
        var call = uid("Action", "tool_call:files/read_file");
        var kind = uid("Action", "tool_call");
        var tool = uid("Tool", "files/read_file");
        var server = uid("Server", "files");
        var entities = Set.of(
                new Entity(agent, Map.of("user", uid("User", "alice")), Set.of(group)),
                new Entity(call, Map.of(), Set.of(kind)),
                new Entity(tool, Map.of(), Set.of(server)));
        var request = new AuthorizationRequest(agent, call, tool, context());
        return () -> {
            try {
                return engine.isAuthorized(request, set, entities).success.orElseThrow().getReason().size();
            } catch (AuthException broken) {
                throw new IllegalStateException(broken);
            }
        };
    }

    private static Map<String, Value> context() {
        var labels = new CedarList(List.of(new PrimString("untrusted")));
        var context = new HashMap<String, Value>();
        context.put("args", new CedarMap(Map.of("path", new PrimString("/srv/39/notes.txt"))));
        context.put("session", new CedarMap(Map.of("purpose", new PrimString("fix the checkout"), "labels", labels)));
        context.put("class", new PrimString("read"));
        context.put("findings", new CedarList(List.of(new PrimString("rule-x"))));
        context.put("severity", new PrimLong(2));
        context.put("opaque", new CedarList());
        context.put("request", new CedarMap(Map.of("address", new PrimString("127.0.0.1"), "method", new PrimString("tools/call"), "reviewable", new PrimBool(false))));
        context.put("time", new DateTime("2026-01-31T09:00:00Z"));
        context.put("unmapped", new CedarList());
        return context;
    }

    private static EntityUID uid(String type, String id) {
        return new EntityUID(EntityTypeName.parse(type).orElseThrow(), id);
    }
}
