package dev.masugata.policy;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Origins;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Random evidence about one tool, `files/write_file`, and a few other actions.
final class RandomEvidence {
    static final String TOOL = "files/write_file";
    static final Map<String, Json.Obj> TOOLS = Map.of(TOOL, json(
            """
            {"type":"object","required":["path"],"properties":{
              "path":{"type":"string"}, "flag":{"type":"boolean"}, "count":{"type":"integer"}, "ratio":{"type":"number"},
              "options":{"type":"object","properties":{"deep":{"type":"array","items":{"type":"string"}},"mode":{"type":"string"}}}}}
            """));

    private final RandomGenerator random;

    RandomEvidence(RandomGenerator random) {
        this.random = random;
    }

    static Json.Obj json(String text) {
        return (Json.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    /// One call of the tool, with nothing remarkable about it.
    static Evidence call(String arguments, ToolClass toolClass) {
        var params = Json.object("name", "write_file").with("arguments", json(arguments));
        return new Evidence(
                new Session("s-1", new Principal.Agent("coder", "alice", Set.of("eng")), "", Session.Kind.TOKEN),
                new Action.ToolCall("files", "write_file", params),
                new Circumstance("127.0.0.1", toolClass, "", false),
                List.of(),
                Set.of(),
                Facts.NONE,
                Instant.EPOCH);
    }

    private boolean half() {
        return random.nextBoolean();
    }

    @SafeVarargs
    private <T> T any(T... of) {
        return of[random.nextInt(of.length)];
    }

    /// @param pinnedOnly only calls of the tool
    Evidence next(boolean pinnedOnly) {
        var findings = new ArrayList<Finding>();
        for (int i = random.nextInt(3); i > 0; i--)
            findings.add(new Finding(any("f1", "f2", "f3"), any(Severity.values()), ""));
        var labels = new HashSet<String>();
        if (random.nextInt(3) == 0) labels.add("secret");
        if (random.nextInt(3) == 0) labels.add("untrusted");
        var groups = any(Set.<String>of(), Set.of("eng"), Set.of("eng", "ops"));
        var agent = new Principal.Agent(any("coder", "coder", "other"), any("alice", "bob"), groups);
        return new Evidence(
                new Session("s-1", agent, any("", "fix it", "/srv/a*b"), Session.Kind.TOKEN),
                pinnedOnly || random.nextInt(5) > 0 ? call() : other(),
                new Circumstance(any("stdio", "127.0.0.1", "10.1.2.3"), any(ToolClass.READ, ToolClass.WRITE, ToolClass.EGRESS), "", half(),
                        Circumstance.Lent.NONE, any(Circumstance.Opened.values())),
                findings,
                random.nextInt(4) == 0 ? Set.of("/image") : Set.of(),
                origins(),
                new Facts(labels, false, Set.of()),
                any(Instant.EPOCH, Instant.parse("2026-01-31T09:00:00.250Z"), Instant.parse("1969-07-20T20:17:40Z")));
    }

    private Origins origins() {
        if (half()) return Origins.NONE;
        return new Origins(
                half() ? Set.of("/path", "/count") : Set.of(),
                half() ? Set.of("/path") : Set.of(),
                half() ? Set.of("/path") : Set.of(),
                random.nextInt(4) == 0 ? Set.of("/path") : Set.of(),
                random.nextInt(4) == 0 ? Set.of("/path", "f1") : Set.of(),
                random.nextInt(4));
    }

    private Action call() {
        var arguments = Json.object("path", any("/srv/a", "/srv/a*b", "a\\b", "/etc/é😀", "f1", ""));
        if (half()) arguments = arguments.with("flag", Json.of(half()));
        if (half()) arguments = arguments.with("count", any(Json.of(1), Json.of(-1), Json.of(9007199254740991L), Json.of(-9007199254740991L), Json.of(9)));
        if (half()) arguments = arguments.with("ratio", json(any("{\"r\":0.75}", "{\"r\":-3}", "{\"r\":0.25}")).members().get("r"));
        if (half()) arguments = arguments.with("options", json(any("{}", "{\"deep\":[\"a\",\"b\",\"a\"]}", "{\"mode\":\"fast\",\"deep\":[]}")));
        if (random.nextInt(4) == 0) arguments = arguments.with("extra", Json.of(1));
        return new Action.ToolCall("files", "write_file", Json.object("name", "write_file").with("arguments", arguments));
    }

    private Action.HttpRequest request() {
        var url = new HttpUrl(half(), any("example.com", "api.example.org"), any(443, 80, 8443), any("/", "/a/b"), "");
        return new Action.HttpRequest(url, any("GET", "POST"), List.of(), HttpBody.NONE);
    }

    private Action other() {
        var list = new Action.Message(Action.Kind.TOOL_LIST, "files", "tools/list", Json.EMPTY);
        return switch (random.nextInt(6)) {
            case 0 -> list;
            case 4 -> request();
            case 5 -> new Action.Delivery(request(), Json.EMPTY);
            case 1 -> new Action.Delivery((Action.Rpc) call(), Json.EMPTY);
            case 2 -> new Action.Delivery(list, Json.EMPTY);
            default -> new Action.FileApply("s-1", List.of("a"));
        };
    }
}
