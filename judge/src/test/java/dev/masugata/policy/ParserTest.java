package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Cedar reads is read, what it refuses is refused, and each mistake has its place.
class ParserTest {
    private static final int MUTATIONS = Boolean.getBoolean("full") ? 200_000 : 6_000;

    private static final List<String> PIECES = List.of(
            "(", ")", "{", "}", "[", "]", ",", ";", ".", "::", "==", "!", "-", "\"", "\\", "in", "is", "has", "like", "when",
            "if", "then", "else", "@", "@id(\"x\")", "true", "context", "principal", "0", "99999999999999999999", "é", "//x\n", "\r",
            "*", "+", "&&", "||", "?principal", "\\u{1F600}", "/", "=", "ip(\"::1\")", "\u00a0", "\u0000");

    @Test
    void acceptsAndRefusesWhatCedarDoes() {
        var different = new ArrayList<String>();
        int accepted = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            var random = new SplittableRandom(seed);
            var text = new StringBuilder(new RandomCedar(random, false).policy("p", random.nextBoolean()));
            for (int i = random.nextInt(3); i > 0; i--) mutate(text, random);
            boolean cedar = cedarReads(text.toString());
            if (cedar) accepted++;
            var refused = weRead(text.toString());
            // A literal that is no address or time is refused when it is loaded; Cedar errs when it is evaluated.
            if (refused.filter(it -> it.contains("` is not a") || it.contains("` is too l")).isPresent()) continue;
            if (cedar != refused.isEmpty())
                different.add((cedar ? "refused alone: " + refused.orElse("") : "accepted alone") + "\n" + text);
        }
        assertEquals("", String.join("\n", different.subList(0, Math.min(8, different.size()))), different.size() + " differences");
        assertTrue(accepted > MUTATIONS / 5 && accepted < MUTATIONS * 4 / 5, accepted + " accepted");
    }

    private static void mutate(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length());
        var piece = PIECES.get(random.nextInt(PIECES.size()));
        switch (random.nextInt(4)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, piece);
            case 2 -> text.replace(at, Math.min(text.length(), at + 1 + random.nextInt(4)), piece);
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(12))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "permit(principal,action,resource);",
        "permit(principal,action,resource,);",
        "@a @b(\"\") permit(principal,action,resource)when{true}unless{false};",
        "permit(principal,action,resource) when { true // not this \r && false\n };",
        "permit(principal,action,resource) when { \"\\u{1F600}\\x41\\'\\0\" like \"*\\*\\u{2a}\" };",
        "permit(principal,action,resource) when { -9223372036854775808 < 9223372036854775807 };",
        "permit(principal,action,resource) when { !!!!true && ----1 == 1 };",
        "permit(principal,action,resource) when { {\"a b\": 1, c: [{}]}[\"a b\"] == 1 };",
        "permit(principal,action,resource) when { principal is A::B in A::B::\"\\\"\" };",
        "permit(principal,action in [],resource);",
    })
    void readsWhatCedarReads(String text) {
        assertTrue(cedarReads(text), text);
        assertEquals(Optional.empty(), weRead(text));
    }

    static List<Map.Entry<String, String>> mistakes() {
        return List.of(
                Map.entry("allow (principal, action, resource);", "1:1: expected `permit` or `forbid`, found `allow`"),
                Map.entry("permit (principal action, resource);", "1:19: expected `,`, found `action`"),
                Map.entry("permit (user, action, resource);", "1:9: expected `principal`, found `user`"),
                Map.entry("permit (principal, action, resource)", "1:37: expected `;`, found the end of the file"),
                Map.entry("permit (principal, action, resource)\nwhen true;", "2:6: expected `{`, found `true`"),
                Map.entry("permit (principal, action, resource)\nwhen { 1 + };", "2:12: expected a value, found `}`"),
                Map.entry("permit (principal, action, resource)\n when { \"é😀\" ~ };", "2:15: `~` has no meaning here"),
                Map.entry("permit (principal, action, resource) when { \"a };", "1:45: this string has no closing `\"`"),
                Map.entry("permit (principal, action, resource) when { \"a\\q\" == \"a\" };", "1:47: this escape is not known; a backslash is written `\\\\`"),
                Map.entry("permit (principal, action, resource) when { 9223372036854775808 > 1 };", "1:45: a whole number must fit 64 bits"),
                Map.entry("permit (principal, action, resource) when { principal like x };", "1:60: expected a pattern such as \"/tmp/*\", found `x`"),
                Map.entry("@id(\"a\") @id(\"b\") permit (principal, action, resource);", "1:11: the annotation `@id` stands here twice"),
                Map.entry("permit (principal, action, resource) when { {a: 1, a: 2} == {} };", "1:52: `a` stands in this record twice"),
                Map.entry("permit (principal, action, resource) when { context. };", "1:54: expected an attribute or a method, found `}`"),
                Map.entry("permit (principal, action == Acton::\"x\", resource);", "1:30: expected an action such as `Action::\"tool_call\"`, found `Acton::\"x\"`"),
                Map.entry("permit (principal == ?principal, action, resource);",
                        "1:22: expected an entity such as `Tool::\"server/tool\"`, found `?`"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void saysWhereAndWhatWasExpected(Map.Entry<String, String> mistake) {
        var invalid = assertThrows(PolicyProblem.Invalid.class, () -> Parser.parse(new Source("f.cedar", mistake.getKey())));
        assertEquals(List.of("f.cedar:" + mistake.getValue()), invalid.problems().stream().map(PolicyProblem::toString).toList());
    }

    @Test
    void whatIsDeepOrLongIsRefusedInWords() {
        for (var deep : List.of("(".repeat(50_000), "[".repeat(50_000), "{a:".repeat(50_000), "if ".repeat(50_000), "ip(".repeat(50_000)))
            assertTrue(refusal(deep + "true").contains("nested more than 100 deep"), () -> refusal(deep + "true"));
        for (var step : List.of(" && true", " || true", ".a", "[\"a\"]", " + 1", " * 1", " - 1"))
            assertTrue(refusal("true" + step.repeat(50_000)).contains("1000 operators"), step);
        assertTrue(refusal("!".repeat(50_000) + "true").contains("at most four"));
        assertTrue(refusal("\"" + "x".repeat(Lexer.TEXT_CHARS_MAX) + "\" == \"\"").contains("1000000 characters"));
        assertEquals("", refusal("(".repeat(99) + "true" + ")".repeat(99)));
        assertEquals("", refusal("true" + " && true".repeat(999)));
    }

    private static String refusal(String condition) {
        try {
            for (var statement : Parser.parse(new Source("f", "permit (principal, action, resource) when { " + condition + " };"))) {
                for (var it : statement.conditions()) Compiler.compile(it);
                Monotone.check(statement);
            }
            return "";
        } catch (PolicyProblem.Invalid | Compiler.Unknown refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void idsAreUniqueAcrossFilesAndProblemsHaveTheirFile() {
        var one = new Source("a.cedar", "@id(\"x\") forbid (principal, action, resource);");
        var two = new Source("b.cedar", "// é😀\n@id(\"x\") forbid (principal, action, resource)\nwhen { \"é😀\" == context.clas };");
        var twice = assertThrows(PolicyProblem.Invalid.class, () -> PolicyLoader.load(List.of(one, two), Map.of()));
        assertEquals("b.cedar:2:1: policy `x`: another policy has this id: a.cedar", twice.problems().getFirst().toString());
        var wrong = assertThrows(PolicyProblem.Invalid.class, () -> PolicyLoader.load(List.of(two), Map.of()));
        var message = wrong.problems().getFirst().toString();
        // The column counts characters, where Cedar counts bytes.
        assertTrue(message.startsWith("b.cedar:3:17: "), message);
        assertTrue(message.contains("did you mean `class`"), message);
    }

    @Test
    void namesPoliciesThatMissPinnedTools() throws Exception {
        var sources = List.of(
                new Source("a.cedar", "@id(\"f\") forbid (principal, action == Action::\"tool_call\", resource);\n"
                        + "@id(\"g\") forbid (principal, action, resource) when { action == Action::\"tool_call\" };"),
                new Source("b.cedar", "@id(\"h\") forbid (principal, action in Action::\"tool_call\", resource);"
                        + "@id(\"i\") forbid (principal, action == Action::\"tool_call:files/write_file\", resource);"));
        var warnings = PolicyLoader.load(sources, RandomEvidence.TOOLS).warnings().stream().map(PolicyProblem::toString).toList();
        assertEquals(2, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("a.cedar:1:1: policy `f`: ") && warnings.get(0).contains("write `action in"), warnings.toString());
        assertTrue(warnings.get(1).startsWith("a.cedar:2:61: policy `g`: "), warnings.toString());
    }

    private static boolean cedarReads(String text) {
        try {
            Policy.parseStaticPolicy(text);
            return true;
        } catch (InternalException refused) {
            return false;
        }
    }

    private static Optional<String> weRead(String text) {
        try {
            var statements = Parser.parse(new Source("f", text));
            if (statements.size() != 1) return Optional.of(statements.size() + " policies");
            for (var statement : statements) for (var condition : statement.conditions()) Compiler.compile(condition);
            return Optional.empty();
        } catch (PolicyProblem.Invalid | Compiler.Unknown refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }
}
