package dev.masugata.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryJsonTest {
    private static Inventory read(String text) {
        return InventoryJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var inventory = new Inventory(
                List.of(new Asset("Agent", "agent:a", "a \u001b日本", Map.of(
                        "flag", true, "count", 7L, "text", "x", "many", List.of("b", "a"), "none", List.of()))),
                List.of(new Relation("USES", "agent:a", "mcp:b", Map.of("since", "2026"))),
                List.of(new Weakness("w", "check", Severity.HIGH, "agent:a", "f", 3, "says", "mend")));
        assertEquals(inventory, InventoryJson.read(InventoryJson.write(inventory)));
    }

    private static void refused(String says, String text) {
        var wrong = assertThrows(IllegalArgumentException.class, () -> read(text));
        assertTrue(String.valueOf(wrong.getMessage()).contains(says), wrong.getMessage());
    }

    @Test
    void whatIsNoInventoryIsRefusedWithItsPlace() {
        var asset = "{\"kind\":\"Agent\",\"id\":\"a\",\"name\":\"a\",\"attributes\":%s}";
        var whole = "{\"assets\":[%s],\"relations\":[],\"weaknesses\":[]}";
        assertEquals(1, read(whole.formatted(asset.formatted("{}"))).assets().size());
        refused("the inventory is no object", "[]");
        refused("the inventory is not JSON", "{");
        refused("`more` is not known", "{\"assets\":[],\"relations\":[],\"weaknesses\":[],\"more\":1}");
        refused("`relations` of the inventory is no array", "{\"assets\":[],\"weaknesses\":[]}");
        refused("assets[0]: `x` is not known", whole.formatted("{\"x\":1}"));
        refused("assets[0].attributes.a is no whole number", whole.formatted(asset.formatted("{\"a\":1.5}")));
        refused("assets[0].attributes.a is a list of something else", whole.formatted(asset.formatted("{\"a\":[1]}")));
        refused("assets[0].attributes.a is no string", whole.formatted(asset.formatted("{\"a\":{}}")));
        refused("assets[0]: `A` is no name of an attribute", whole.formatted(asset.formatted("{\"A\":1}")));
        refused("assets[1]",
                whole.formatted(asset.formatted("{}") + "," + asset.replace("Agent", "agent").formatted("{}")));
    }

    @Test
    void whatIsTooMuchIsRefusedWhole() {
        var strings = "1,".repeat(InventoryJson.ITEMS_MAX) + "1";
        refused("more than " + InventoryJson.ITEMS_MAX, "{\"assets\":[" + strings
                + "],\"relations\":[],\"weaknesses\":[]}");
        var wrong = assertThrows(
                IllegalArgumentException.class, () -> InventoryJson.read(new byte[InventoryJson.BYTES_MAX + 1]));
        assertTrue(String.valueOf(wrong.getMessage()).contains("more than " + InventoryJson.BYTES_MAX));
    }
}
