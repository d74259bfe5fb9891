package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonRpcTest {
    private static final String LONG = "x".repeat(JsonRpc.ID_CHARS);

    /// Error code, the message that is refused, its twin that is taken.
    static Stream<Arguments> malformedAndTwin() {
        return Stream.of(
                Arguments.of(-32700, "{\"jsonrpc\":\"2.0\",\"method\":\"m\"", "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}"),
                Arguments.of(-32700, call("'id':1,'id':2,'method':'m'"), call("'id':1,'method':'m'")),
                Arguments.of(-32700, call("'id':1,'method':'m','Method':'n'"), call("'id':1,'method':'m'")),
                Arguments.of(-32600, "[" + call("'id':1,'method':'m'") + "]", call("'id':1,'method':'m'")),
                Arguments.of(-32600, "[]", call("'id':1,'method':'m'")),
                Arguments.of(-32600, "\"m\"", call("'method':'m'")),
                Arguments.of(-32600, "{\"id\":1,\"method\":\"m\"}", call("'id':1,'method':'m'")),
                Arguments.of(-32600, "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"m\"}", call("'id':1,'method':'m'")),
                Arguments.of(-32600, "{\"jsonrpc\":\"1.0\",\"method\":\"m\"}", call("'method':'m'")),
                Arguments.of(-32600, call("'id':null,'method':'m'"), call("'id':0,'method':'m'")),
                Arguments.of(-32600, call("'id':1.5,'method':'m'"), call("'id':15,'method':'m'")),
                Arguments.of(-32600, call("'id':1.0,'method':'m'"), call("'id':-1,'method':'m'")),
                Arguments.of(-32600, call("'id':1e2,'method':'m'"), call("'id':100,'method':'m'")),
                Arguments.of(-32600, call("'id':true,'method':'m'"), call("'id':'true','method':'m'")),
                Arguments.of(-32600, call("'id':{},'method':'m'"), call("'id':'','method':'m'")),
                Arguments.of(
                        -32600, call("'id':'" + LONG + "x','method':'m'"), call("'id':'" + LONG + "','method':'m'")),
                Arguments.of(-32600, call("'id':1,'method':7"), call("'id':1,'method':'7'")),
                Arguments.of(-32600, call("'id':1,'method':''"), call("'id':1,'method':'x'")),
                Arguments.of(-32600, call("'method':'" + LONG + "x'"), call("'method':'" + LONG + "'")),
                Arguments.of(-32600, call("'id':1"), call("'id':1,'result':{}")),
                Arguments.of(
                        -32600,
                        call("'id':1,'method':'m','extra':1"),
                        call("'id':1,'method':'m','params':{'extra':1}")),
                Arguments.of(-32600, call("'id':1,'method':'m','result':{}"), call("'id':1,'result':{}")),
                Arguments.of(
                        -32600,
                        call("'id':1,'result':{},'error':{'code':1,'message':''}"),
                        call("'id':1,'error':{'code':1,'message':''}")),
                Arguments.of(-32600, call("'id':1,'result':[]"), call("'id':1,'result':{'a':[]}")),
                Arguments.of(-32600, call("'id':null,'result':{}"), call("'id':'null','result':{}")),
                Arguments.of(-32600, call("'result':{}"), call("'id':1,'result':{}")),
                Arguments.of(-32600, call("'id':1,'result':{},'params':{}"), call("'id':1,'result':{}")),
                Arguments.of(
                        -32600,
                        call("'id':{},'error':{'code':1,'message':''}"),
                        call("'id':null,'error':{'code':1,'message':''}")),
                Arguments.of(-32600, call("'id':1,'error':'e'"), call("'error':{'code':-1,'message':'e'}")),
                Arguments.of(
                        -32600,
                        call("'id':1,'error':{'code':1.5,'message':''}"),
                        call("'id':1,'error':{'code':15,'message':'','data':null}")),
                Arguments.of(
                        -32600,
                        call("'id':1,'error':{'code':2147483648,'message':''}"),
                        call("'id':1,'error':{'code':2147483647,'message':''}")),
                Arguments.of(-32600, call("'id':1,'error':{'code':1}"), call("'id':1,'error':{'code':1,'message':''}")),
                Arguments.of(
                        -32600,
                        call("'id':1,'error':{'code':1,'message':'','x':1}"),
                        call("'id':1,'error':{'code':1,'message':'','data':{'x':1}}")),
                Arguments.of(-32602, call("'id':1,'method':'m','params':[1]"), call("'id':1,'method':'m','params':{}")),
                Arguments.of(-32602, call("'id':1,'method':'m','params':null"), call("'id':1,'method':'m'")),
                Arguments.of(-32602, call("'method':'m','params':'p'"), call("'method':'m','params':{'p':1}")));
    }

    @ParameterizedTest
    @MethodSource("malformedAndTwin")
    void refusesAndTakesTheTwin(int code, String refused, String twin) {
        var malformed = assertInstanceOf(JsonRpc.Malformed.class, read(refused));
        assertEquals(code, malformed.code(), malformed.message());
        assertInstanceOf(JsonRpc.Message.class, read(twin), () -> read(twin).toString());
        assertInstanceOf(JsonRpc.Failure.class, read(malformed.answer().toJson().toString()));
    }

    @Test
    void namesTheIdWhenItCouldBeRead() {
        assertEquals(Optional.of(Json.of(7)), ((JsonRpc.Malformed) read(call("'id':7,'method':'m','params':[]"))).id());
        assertEquals(Optional.empty(), ((JsonRpc.Malformed) read(call("'id':[7],'method':'m'"))).id());
    }

    @Test
    void readsEachKind() {
        var params = Json.object("a", Json.of(1));
        assertEquals(
                new JsonRpc.Request(Json.of("x"), "m", params), read(call("'id':'x','method':'m','params':{'a':1}")));
        assertEquals(new JsonRpc.Notification("m", Json.EMPTY), read(call("'method':'m'")));
        assertEquals(new JsonRpc.Result(Json.of(2), params), read(call("'id':2,'result':{'a':1}")));
        assertEquals(
                new JsonRpc.Failure(null, -1, "e", Json.NULL),
                read(call("'id':null,'error':{'code':-1,'message':'e','data':null}")));
    }

    @Test
    void writesTheUntouchedPartsAsTheyCame() {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":\"\\u0041\",\"method\":\"m\",\"params\":{ \"a\" : 1.0,\"b\":\"\\/\"}}";
        assertEquals(text, ((JsonRpc.Message) read(text)).toJson().toString());
        var request = (JsonRpc.Request) read(text);
        var changed = new JsonRpc.Request(
                Json.of(5), request.method(), request.params().with("a", 2));
        assertEquals(
                call("'id':5,'method':'m','params':{'a':2,'b':'\\/'}"),
                changed.toJson().toString());
        assertEquals(
                call("'id':5,'method':'m'"),
                new JsonRpc.Request(Json.of(5), "m", Json.EMPTY).toJson().toString());
        assertEquals(
                call("'method':'m','params':{}"),
                ((JsonRpc.Message) read(call("'method':'m','params':{}")))
                        .toJson()
                        .toString());
        assertEquals(
                call("'id':null,'error':{'code':-32600,'message':'no'}"),
                new JsonRpc.Failure(null, -32600, "no", null).toJson().toString());
    }

    private static JsonRpc.Reading read(String text) {
        return JsonRpc.read(text.getBytes(UTF_8), Limits.DEFAULT);
    }

    private static String call(String members) {
        return "{\"jsonrpc\":\"2.0\"," + members.replace('\'', '"') + "}";
    }
}
