package dev.masugata.gates.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Arguments against schemas: each that is refused stands beside one that is taken.
class ArgumentsTest {
    private static Json.Obj json(String text) {
        return (Json.Obj) JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static Optional<String> wrong(String schema, String arguments) {
        return new Arguments(json(schema)).wrong(json(arguments));
    }

    private record Case(String what, String schema, String good, String bad) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final String SEVEN = "'$schema':'http://json-schema.org/draft-07/schema#',";

    static Stream<Case> cases() {
        var tags = "'properties':{'t':{'type':'array','items':{'type':'object','properties':{'x':{'type':'string'}}}}}";
        return Stream.of(
                new Case("type", "{'properties':{'a':{'type':'integer'}}}", "{'a':1}", "{'a':'1'}"),
                new Case("type, draft-07", "{" + SEVEN + "'properties':{'a':{'type':'integer'}}}", "{'a':1}", "{'a':'1'}"),
                new Case("required", "{'properties':{'a':{}},'required':['a']}", "{'a':1}", "{}"),
                new Case("enum", "{'properties':{'a':{'enum':['x','y']}}}", "{'a':'y'}", "{'a':'z'}"),
                new Case("const", "{'properties':{'a':{'const':1}}}", "{'a':1.0}", "{'a':2}"),
                new Case("maximum", "{'properties':{'a':{'maximum':5}}}", "{'a':5}", "{'a':5.1}"),
                new Case("pattern", "{'properties':{'a':{'pattern':'^[a-z]+$'}}}", "{'a':'abc'}", "{'a':'Abc'}"),
                new Case("nested type", "{'properties':{'o':{'properties':{'a':{'type':'string'}}}}}", "{'o':{'a':'x'}}", "{'o':{'a':1}}"),
                new Case("undeclared", "{'properties':{'a':{}}}", "{'a':1}", "{'a':1,'b':1}"),
                new Case("undeclared where nothing is declared", "{'type':'object'}", "{}", "{'b':1}"),
                new Case("undeclared, draft-07", "{" + SEVEN + "'properties':{'a':{}}}", "{'a':1}", "{'a':1,'b':1}"),
                new Case("undeclared, nested", "{'properties':{'o':{'properties':{'a':{}}}}}", "{'o':{'a':1}}", "{'o':{'a':1,'b':1}}"),
                new Case("undeclared, in an array", "{" + tags + "}", "{'t':[{'x':'1'},{}]}", "{'t':[{'x':'1'},{'y':1}]}"),
                new Case("undeclared, in a tuple", "{'properties':{'t':{'prefixItems':[{'properties':{'x':{}}}]}}}", "{'t':[{'x':1}]}", "{'t':[{'y':1}]}"),
                new Case("undeclared, in a tuple of draft-07", "{" + SEVEN + "'properties':{'t':{'items':[{'properties':{'x':{}}}]}}}", "{'t':[{'x':1}]}", "{'t':[{'y':1}]}"),
                new Case("a free object is free", "{'properties':{'o':{'type':'object'}}}", "{'o':{'any':1}}", "{'o':1}"),
                new Case("additionalProperties true", "{'properties':{'a':{'type':'string'}},'additionalProperties':true}", "{'b':1}", "{'a':1}"),
                new Case("additionalProperties false", "{'properties':{'a':{}},'additionalProperties':false}", "{'a':1}", "{'b':1}"),
                new Case("additionalProperties of a shape", "{'additionalProperties':{'type':'string'}}", "{'b':'1'}", "{'b':1}"),
                new Case("undeclared below additionalProperties", "{'additionalProperties':{'properties':{'a':{}}}}", "{'b':{'a':1}}", "{'b':{'c':1}}"),
                new Case("patternProperties", "{'patternProperties':{'^x-':{'type':'string'}},'additionalProperties':false}", "{'x-a':'1'}", "{'y':'1'}"),
                new Case("anyOf", "{'anyOf':[{'properties':{'a':{}},'required':['a']},{'properties':{'b':{}},'required':['b']}]}", "{'b':1}", "{}"),
                new Case("anyOf, undeclared", "{'anyOf':[{'properties':{'a':{}}},{'properties':{'b':{}}}]}", "{'a':1,'b':1}", "{'a':1,'c':1}"),
                new Case("oneOf", "{'properties':{'a':{'oneOf':[{'type':'string'},{'type':'integer'}]}}}", "{'a':1}", "{'a':true}"),
                new Case("allOf", "{'allOf':[{'properties':{'a':{}}},{'properties':{'b':{}},'required':['b']}]}", "{'a':1,'b':1}", "{'a':1}"),
                new Case("allOf, undeclared", "{'allOf':[{'properties':{'a':{}}},{'properties':{'b':{}}}]}", "{'a':1,'b':1}", "{'a':1,'c':1}"),
                new Case("$ref", "{'properties':{'a':{'$ref':'#/$defs/t'}},'$defs':{'t':{'type':'string'}}}", "{'a':'x'}", "{'a':1}"),
                new Case("$ref, undeclared", "{'$ref':'#/$defs/t','$defs':{'t':{'properties':{'a':{}}}}}", "{'a':1}", "{'b':1}"),
                new Case("$ref, undeclared, draft-07", "{" + SEVEN + "'properties':{'o':{'$ref':'#/definitions/t'}},'definitions':{'t':{'properties':{'a':{}}}}}", "{'o':{'a':1}}", "{'o':{'b':1}}"),
                new Case("a tree of itself", "{'properties':{'v':{},'next':{'$ref':'#'}}}", "{'next':{'next':{'v':1}}}", "{'next':{'next':{'w':1}}}"),
                new Case("if and then", "{'properties':{'k':{}},'if':{'properties':{'k':{'const':'x'}}},'then':{'properties':{'a':{}},'required':['a']}}", "{'k':'x','a':1}", "{'k':'x'}"),
                new Case("a pattern within its steps", "{'properties':{'a':{'pattern':'^(a+)+$'}}}", "{'a':'aaaaaaaaaaaaaaaaaaaaaa'}", "{'a':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'}"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theHarmlessIsTakenAndTheOtherRefused(Case each) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertEquals(Optional.empty(), wrong(each.schema(), each.good()));
            assertTrue(wrong(each.schema(), each.bad()).isPresent(), "taken: " + each.bad());
        });
    }

    @Test
    void whereAndWhatIsSaid() {
        assertEquals(
                "/o/b: the tool's schema declares no such property",
                wrong("{'properties':{'o':{'properties':{'a':{}}}}}", "{'o':{'b':1}}").orElseThrow());
    }

    @Test
    void aReferenceIntoTheNetworkIsRefusedAndNothingIsAsked() throws Exception {
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var place = "http://127.0.0.1:" + listening.getLocalPort() + "/s.json";
            for (var schema : new String[] {
                "{'$ref':'" + place + "'}",
                "{'properties':{'a':{'$ref':'" + place + "#/x'}}}",
                "{'$id':'" + place + "','properties':{'a':{'$ref':'other.json'}}}",
                "{'$schema':'" + place + "','properties':{'a':{}}}",
                "{'properties':{'a':{'$ref':'file:///etc/hostname'}}}"
            }) assertTrue(refused(schema, "{'a':1}"), schema);
            listening.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, listening::accept);
        }
        assertEquals(Optional.empty(), wrong("{'$id':'https://example.com/s','properties':{'a':{'$ref':'#/$defs/t'}},'$defs':{'t':{}}}", "{'a':1}"));
    }

    private static boolean refused(String schema, String arguments) {
        try {
            return wrong(schema, arguments).isPresent();
        } catch (IllegalArgumentException unusable) {
            return true;
        }
    }

    @Test
    void aSchemaThatNeverEndsIsRefused() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertTrue(refused("{'$ref':'#'}", "{'a':1}"));
            assertTrue(refused("{'properties':{'a':{'$ref':'#/$defs/x'}},'$defs':{'x':{'allOf':[{'$ref':'#/$defs/y'}]},'y':{'anyOf':[{'$ref':'#/$defs/x'}]}}}", "{'a':1}"));
            assertTrue(refused(doubling(40), "{'a':1}"));
            assertEquals(Optional.empty(), wrong(doubling(4), "{'a':1}"));
        });
    }

    /// Each definition asks for the next one twice.
    private static String doubling(int times) {
        var defs = new StringBuilder("'d" + times + "':{}");
        for (int i = 0; i < times; i++) {
            var next = "{'$ref':'#/$defs/d" + (i + 1) + "'}";
            defs.append(",'d").append(i).append("':{'allOf':[").append(next).append(',').append(next).append("]}");
        }
        return "{'properties':{'a':{'$ref':'#/$defs/d0'}},'$defs':{" + defs + "}}";
    }

    @Test
    void deepArgumentsOfAnEndlessTreeAreRefused() {
        var tree = "{'properties':{'n':{'$ref':'#'}}}";
        assertEquals(Optional.empty(), wrong(tree, "{'n':".repeat(20) + "{}" + "}".repeat(20)));
        assertTrue(wrong(tree, "{'n':".repeat(126) + "{}" + "}".repeat(126)).isPresent());
    }

    @Test
    void aPatternThatEatsTheStackIsRefused() {
        var schema = "{'properties':{'a':{'pattern':'^(a|b)*$'}}}";
        assertEquals(Optional.empty(), wrong(schema, "{'a':'abab'}"));
        assertTrue(wrong(schema, "{'a':'" + "ab".repeat(100_000) + "'}").isPresent());
        assertTrue(refused("{'properties':{'a':{'pattern':'" + "(".repeat(50_000) + ")".repeat(50_000) + "'}}}", "{'a':'x'}"));
        assertTrue(refused("{'properties':{'a':{'pattern':'('}}}", "{'a':'x'}"));
    }
}
