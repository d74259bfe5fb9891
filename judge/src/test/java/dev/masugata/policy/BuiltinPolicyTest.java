package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Decision;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The built-in policy does what the examples beside it say, and each of its policies has one that fires and one that
/// does not.
class BuiltinPolicyTest {
    static String text(String name) throws Exception {
        try (var in = PolicySet.class.getResourceAsStream("/catalog/policies/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static PolicySet load(String text, Map<String, Json.Obj> tools) throws PolicyProblem.Invalid {
        return PolicyLoader.load(List.of(new Source("builtin.cedar", text)), tools);
    }

    @Test
    void doesWhatItsExamplesSay() throws Exception {
        var tests = PolicyTests.read(new Source("builtin.test", text("builtin.test")));
        var policy = load(text("builtin.cedar"), tests.tools());
        var wrong = new ArrayList<String>();
        for (var result : tests.run(policy))
            if (!result.wrong().isEmpty()) wrong.add("builtin.test:" + result.line() + ": " + result.name() + ": " + result.wrong());
        assertEquals(List.of(), wrong);
        assertEquals(List.of(), policy.warnings());
    }

    @Test
    void everyPolicyHasAnExampleThatFiresAndOneThatDoesNot() throws Exception {
        var tests = PolicyTests.read(new Source("builtin.test", text("builtin.test")));
        var ids = new TreeSet<>(load(text("builtin.cedar"), tests.tools()).rules().stream()
                .map(it -> it.statement().id())
                .collect(Collectors.toSet()));
        assertEquals(ids, new TreeSet<>(tests.fired()));
        assertEquals(ids, new TreeSet<>(tests.silent()));
    }

    @Test
    void anExampleThatIsWrongIsFound() throws Exception {
        var wrong = """
                case a credential
                  call vault/read {}
                  class credential
                  expect %s
                """;
        var policy = load(text("builtin.cedar"), Map.of());
        for (var expectation : List.of("allowed", "denied hold-egress", "denied\nfires allow-read", "denied\nsilent deny-credential", "denied\nsilent no-such"))
            assertEquals(1, PolicyTests.read(new Source("t", wrong.formatted(expectation))).run(policy).stream()
                    .filter(it -> !it.wrong().isEmpty()).count(), expectation);
    }

    /// As the comment in the policy says.
    @Test
    void anOperatorListsATool() throws Exception {
        var listed = text("builtin.cedar").replace(
                "when { context.class == \"credential\" };",
                "when { context.class == \"credential\" }\nunless { resource in [Tool::\"files/write_file\"] };")
                + "@id(\"list\") permit (principal, action in Action::\"tool_call\", resource == Tool::\"files/write_file\")"
                + " when { context.unmapped.isEmpty() };";
        var policy = load(listed, RandomEvidence.TOOLS);
        var builtin = load(text("builtin.cedar"), RandomEvidence.TOOLS);
        var call = RandomEvidence.call("{\"path\":\"a\"}", ToolClass.CREDENTIAL);
        assertEquals("allowed", PolicyTests.word(policy.decide(call, Set.of())));
        assertEquals(
                "the tool handles credentials and is not listed",
                ((Decision.Deny) builtin.decide(call, Set.of())).because().getFirst().text());
    }
}
