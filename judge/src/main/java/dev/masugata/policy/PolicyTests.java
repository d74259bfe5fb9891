package dev.masugata.policy;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Origins;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Tests of policies as text that a stranger can read:
///
/// ```
/// tool files/write_file {"type":"object","properties":{"path":{"type":"string"}}}
///
/// case a write outside of the workspace waits
///   agent coder for alice in engineering
///   call files/write_file {"path":"/etc/motd"}
///   class write
///   expect held hold-write-unreviewed
/// ```
///
/// Further lines of a case: `do KIND SERVER`, `request METHOD URL`, `model PROVIDER/MODEL` or `answer PROVIDER/MODEL`
/// (what the model said) instead of `call`; `address NAME` (`provider`: what a provider would do itself); `reviewable`;
/// `opened read|all`; `purpose TEXT`; `label NAME`;
/// `finding RULE SEVERITY`; `opaque PLACE`; `origin SET PLACE`, where SET is a member of `context.origins`, or
/// `origin addresses NUMBER`; `lifted ID`. `expect` is `allowed`, `masked`, `held` or `denied`, and may name policies.
/// `fires ID` and `silent ID` say of one policy that it applies, or does not, whatever the outcome.
public final class PolicyTests {
    /// What came of one case.
    ///
    /// @param wrong empty if it came out as expected
    public record Result(String name, int line, String wrong) {}

    private final Source source;
    private final Map<String, Json.Obj> tools = new LinkedHashMap<>();
    private final List<Case> cases = new ArrayList<>();

    private PolicyTests(Source source) throws PolicyProblem.Invalid {
        this.source = source;
        read();
    }

    public static PolicyTests read(Source source) throws PolicyProblem.Invalid {
        return new PolicyTests(source);
    }

    /// The input schemas of the tools that the cases use.
    public Map<String, Json.Obj> tools() {
        return tools;
    }

    /// Runs every case.
    public List<Result> run(PolicySet policy) {
        return cases.stream().map(it -> it.run(policy)).toList();
    }

    /// The policies of which some case says that they apply.
    public Set<String> fired() {
        return cases.stream().flatMap(it -> it.fires.stream()).collect(Collectors.toSet());
    }

    /// The policies of which some case says that they do not apply.
    public Set<String> silent() {
        return cases.stream().flatMap(it -> it.silent.stream()).collect(Collectors.toSet());
    }

    private static final class Case {
        final String name;
        final int line;
        String agent = "agent";
        String user = "user";
        final Set<String> groups = new HashSet<>();
        Action action = new Action.Message(Action.Kind.LIFECYCLE, "server", "ping", Json.EMPTY);
        ToolClass toolClass = ToolClass.UNCONFIRMED;
        String address = "test";
        boolean reviewable;
        Circumstance.Opened opened = Circumstance.Opened.NO;
        String purpose = "";
        final Set<String> labels = new HashSet<>();
        final List<Finding> findings = new ArrayList<>();
        final Set<String> opaque = new HashSet<>();
        final Map<String, Set<String>> origins = new LinkedHashMap<>();
        int addresses;
        final Set<String> lifted = new HashSet<>();
        final Set<String> fires = new TreeSet<>();
        final Set<String> silent = new TreeSet<>();
        String outcome = "";
        List<String> policies = List.of();

        Case(String name, int line) {
            this.name = name;
            this.line = line;
        }

        Result run(PolicySet policy) {
            var session = new Session("test", new Principal.Agent(agent, user, groups), purpose, Session.Kind.TOKEN);
            var evidence = new Evidence(
                    session, action, new Circumstance(
                            address, toolClass, "", reviewable, Circumstance.Lent.NONE, opened), findings, opaque,
                    origins(),
                    new Facts(labels, false, Set.of()), Instant.EPOCH);
            var decision = policy.decide(evidence, lifted);
            var came = word(decision);
            var because = decision.because().stream().map(Reason::id).toList();
            if (!came.equals(outcome) || !because.containsAll(policies))
                return new Result(name, line, "expected " + outcome + " " + policies + ", it came out " + came + " "
                        + because);
            return new Result(name, line, wrongLine(policy, evidence));
        }

        private Origins origins() {
            return new Origins(
                    places("unproven"), places("untrusted"), places("destinations"), places("suspicious"),
                    places("confidential"), addresses);
        }

        private Set<String> places(String set) {
            return origins.getOrDefault(set, Set.of());
        }

        private String wrongLine(PolicySet policy, Evidence evidence) {
            var applying = policy.lines(evidence).stream()
                    .filter(it -> it.says().equals("applies"))
                    .map(Explanation.Line::policy)
                    .collect(Collectors.toSet());
            var known = policy.rules().stream().map(it -> it.statement().id()).collect(Collectors.toSet());
            for (var id : fires) if (!applying.contains(id)) return "expected `" + id + "` to apply; it does not";
            for (var id : silent) {
                if (!known.contains(id)) return "there is no policy `" + id + "`";
                if (applying.contains(id)) return "expected `" + id + "` not to apply; it does";
            }
            return "";
        }
    }

    static String word(Decision decision) {
        return Replay.outcome(decision).word();
    }

    private void read() throws PolicyProblem.Invalid {
        var lines = source.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            try {
                line(line, i + 1);
            } catch (IllegalArgumentException | JsonException wrong) {
                throw problem(i + 1, String.valueOf(wrong.getMessage()));
            }
        }
        for (var one : cases) if (one.outcome.isEmpty()) throw problem(one.line, "the case has no `expect`");
    }

    private PolicyProblem.Invalid problem(int line, String message) {
        return new PolicyProblem.Invalid(List.of(new PolicyProblem(source.file(), line, 1, message)));
    }

    private static final Pattern AGENT = Pattern.compile("(\\S+) for (\\S+)(?: in (.+))?");

    private void line(String line, int number) {
        int space = line.indexOf(' ');
        var word = space < 0 ? line : line.substring(0, space);
        var rest = space < 0 ? "" : line.substring(space + 1).strip();
        if (word.equals("tool")) {
            var parts = rest.split(" ", 2);
            tools.put(parts[0], object(parts.length > 1 ? parts[1] : "{}"));
            return;
        }
        if (word.equals("case")) {
            cases.add(new Case(rest, number));
            return;
        }
        if (cases.isEmpty()) throw new IllegalArgumentException("expected `tool` or `case`, found `" + word + "`");
        into(cases.getLast(), word, rest);
    }

    private static void into(Case one, String word, String rest) {
        switch (word) {
            case "agent" -> {
                var form = AGENT.matcher(rest);
                if (!form.matches()) throw new IllegalArgumentException("expected `agent ID for USER in GROUP, GROUP`");
                one.agent = form.group(1);
                one.user = form.group(2);
                if (form.group(3) != null) one.groups.addAll(List.of(form.group(3).split("\\s*,\\s*")));
            }
            case "call" -> one.action = call(rest);
            case "do" -> one.action = message(rest);
            case "class" -> one.toolClass = ToolClass.valueOf(rest.toUpperCase(Locale.ROOT));
            case "model" -> one.action = RecordedAction.call(rest, "chat", Json.EMPTY, Set.of());
            case "answer" ->
                one.action = new Action.Delivery(RecordedAction.call(rest, "chat", Json.EMPTY, Set.of()), Json.EMPTY);
            case "address" -> one.address = rest;
            case "reviewable" -> one.reviewable = true;
            case "opened" -> one.opened = Circumstance.Opened.valueOf(rest.toUpperCase(Locale.ROOT));
            case "request" -> one.action = request(rest);
            case "purpose" -> one.purpose = rest;
            case "label" -> one.labels.add(rest);
            case "opaque" -> one.opaque.add(rest);
            case "origin" -> origin(one, rest.split("\\s+"));
            case "fires" -> one.fires.addAll(List.of(rest.split("\\s+")));
            case "silent" -> one.silent.addAll(List.of(rest.split("\\s+")));
            case "lifted" -> one.lifted.add(rest);
            case "finding" -> {
                var parts = rest.split(" ");
                one.findings.add(new Finding(parts[0], Severity.valueOf(parts[parts.length - 1].toUpperCase(Locale.ROOT)), ""));
            }
            case "expect" -> {
                var parts = List.of(rest.split("\\s+"));
                if (!Set.of("allowed", "masked", "held", "denied").contains(parts.getFirst()))
                    throw new IllegalArgumentException("expected `allowed`, `masked`, `held` or `denied`");
                one.outcome = parts.getFirst();
                one.policies = parts.subList(1, parts.size());
            }
            default -> throw new IllegalArgumentException("a case knows no `" + word + "`");
        }
    }

    private static final Set<String> ORIGIN_SETS =
            Set.of("unproven", "untrusted", "destinations", "suspicious", "confidential");

    private static void origin(Case one, String[] parts) {
        if (parts.length == 2 && parts[0].equals("addresses")) one.addresses = Integer.parseInt(parts[1]);
        else if (parts.length == 2 && ORIGIN_SETS.contains(parts[0]))
            one.origins.computeIfAbsent(parts[0], _ -> new HashSet<>()).add(parts[1]);
        else throw new IllegalArgumentException("expected `origin SET PLACE`, SET one of "
                + new TreeSet<>(ORIGIN_SETS));
    }

    private static Action call(String rest) {
        var parts = rest.split(" ", 2);
        int slash = parts[0].indexOf('/');
        if (slash < 1) throw new IllegalArgumentException("expected `call SERVER/TOOL {arguments}`");
        var tool = parts[0].substring(slash + 1);
        var params = Json.object("name", tool).with("arguments", object(parts.length > 1 ? parts[1] : "{}"));
        return new Action.ToolCall(parts[0].substring(0, slash), tool, params);
    }

    private static Action request(String rest) {
        var parts = rest.split(" ", 2);
        var url = HttpUrl.of(parts.length < 2 ? "" : parts[1])
                .orElseThrow(() -> new IllegalArgumentException("expected `request METHOD URL`"));
        return new Action.HttpRequest(url, parts[0], List.of(), HttpBody.NONE);
    }

    private static Action message(String rest) {
        var parts = rest.split(" ", 2);
        if (parts.length < 2) throw new IllegalArgumentException("expected `do KIND SERVER`");
        var kind = Action.Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
        var message = new Action.Message(kind, parts[1], "test", Json.EMPTY);
        return kind == Action.Kind.DELIVERY
                ? new Action.Delivery(new Action.Message(Action.Kind.LIFECYCLE, parts[1], "test", Json.EMPTY),
                        Json.EMPTY)
                : message;
    }

    private static Json.Obj object(String text) {
        if (JsonReader.read(text.getBytes(StandardCharsets.UTF_8),
                Limits.DEFAULT) instanceof Json.Obj object) return object;
        throw new IllegalArgumentException("expected a JSON object");
    }
}
