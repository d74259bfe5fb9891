package dev.masugata.gates.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParamHeadersTest {
    private static Json.Obj json(String text) {
        return (Json.Obj) JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static final ParamHeaders HEADERS = ParamHeaders.of(json(
                    """
                    {'type':'object','properties':{
                      'region':{'type':'string','x-mcp-header':'Region'},
                      'count':{'type':'integer','x-mcp-header':'Count'},
                      'where':{'type':'object','properties':{'dry':{'type':'boolean','x-mcp-header':'Dry'}}}}}"""))
            .orElseThrow();

    private static Optional<String> differs(String arguments, Map<String, String> sent) {
        return HEADERS.differs(name -> Optional.ofNullable(sent.get(name)), json(arguments));
    }

    @Test
    void mirrorsWhatIsThere() {
        assertEquals(Map.of("Mcp-Param-Region", "north", "Mcp-Param-Dry", "true"),
                HEADERS.mirror(json("{'region':'north','where':{'dry':true},'count':null}")));
        // Values of the specification's own table (2026-07-28, Value Encoding).
        assertEquals(Map.of("Mcp-Param-Region", "=?base64?IHBhZGRlZCA=?="),
                HEADERS.mirror(json("{'region':' padded '}")));
        assertEquals(Map.of("Mcp-Param-Region", "=?base64?bGluZTEKbGluZTI=?="),
                HEADERS.mirror(json("{'region':'line1\\nline2'}")));
        assertEquals(Map.of("Mcp-Param-Region", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
                HEADERS.mirror(json("{'region':'=?base64?literal?='}")));
    }

    @Test
    void takesWhatIsTheSame() {
        assertEquals(Optional.empty(), differs("{'region':'north'}", Map.of("Mcp-Param-Region", "north")));
        assertEquals(Optional.empty(),
                differs("{'region':'north'}", Map.of("Mcp-Param-Region", "=?base64?bm9ydGg=?=")));
        assertEquals(Optional.empty(), differs("{'count':42}", Map.of("Mcp-Param-Count", "42.0")));
        assertEquals(Optional.empty(), differs("{}", Map.of()));
    }

    @Test
    void takesNothingElse() {
        assertTrue(differs("{'region':'north'}", Map.of("Mcp-Param-Region", "south")).isPresent());
        assertTrue(differs("{'region':'north'}", Map.of()).isPresent());
        assertTrue(differs("{}", Map.of("Mcp-Param-Region", "north")).isPresent());
        assertTrue(differs("{'region':'north'}", Map.of("Mcp-Param-Region", "=?base64?bm9ydG?=")).isPresent());
        assertTrue(differs("{'count':42}", Map.of("Mcp-Param-Count", "43")).isPresent());
        assertTrue(differs("{'count':42}", Map.of("Mcp-Param-Count", "1e999999999")).isPresent());
    }

    @Test
    void aSchemaMayNotSayItAnywhere() {
        for (var wrong : new String[] {
            "{'properties':{'a':{'type':'number','x-mcp-header':'A'}}}",
            "{'properties':{'a':{'type':'string','x-mcp-header':''}}}",
            "{'properties':{'a':{'type':'string','x-mcp-header':'A B'}}}",
            "{'properties':{'a':{'type':'string','x-mcp-header':'A'},'b':{'type':'string','x-mcp-header':'a'}}}",
            "{'properties':{'a':{'type':'array','items':{'type':'string','x-mcp-header':'A'}}}}",
            "{'allOf':[{'properties':{'a':{'type':'string','x-mcp-header':'A'}}}]}",
            "{'x-mcp-header':'A'}"
        }) assertEquals(Optional.empty(), ParamHeaders.of(json(wrong)), wrong);
        // A property of that name is none of them.
        assertTrue(ParamHeaders.of(json("{'properties':{'x-mcp-header':{'type':'string'}}}")).isPresent());
        assertFalse(HEADERS.all().isEmpty());
    }
}
