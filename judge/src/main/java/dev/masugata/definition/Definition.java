package dev.masugata.definition;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.util.ArrayList;
import java.util.List;

/// What a server says of one thing that it offers, whole: every word of it reaches a model.
///
/// @param server the server's name
/// @param name   of a tool, or `prompt:NAME`, `template:URI`, `instructions:`
public record Definition(String server, String name, Json whole) {
    /// True for a tool: what is pinned beside tools has a `:` in its name, and no tool has one.
    public boolean isTool() {
        return name.indexOf(':') < 0;
    }

    /// As an object; empty if it is none.
    Json.Obj members() {
        return whole instanceof Json.Obj it ? it : Json.EMPTY;
    }

    String text(String member) {
        return members().string(member).orElse("");
    }

    /// SHA-256 over the canonical form (RFC 8785) of all but the name, hex: the same under another name. Empty where it
    /// says so little that another may well say the same.
    public String content() {
        if (text("description").isBlank()) return "";
        return Sha256.hex(JsonWriter.canonical(members().without("name")));
    }

    /// What it says in words: title and description, its own and those of all it takes and gives.
    List<String> words() {
        var words = new ArrayList<String>();
        gather(whole, "", words);
        return words;
    }

    private static void gather(Json value, String name, List<String> words) {
        switch (value) {
            case Json.Obj(var members, _) -> members.forEach((member, it) -> gather(it, member, words));
            case Json.Arr(var items, _) -> items.forEach(it -> gather(it, name, words));
            case Json.Str(var text, _) -> {
                if (name.equals("description") || name.equals("title")) words.add(text);
            }
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    /// A JSON Pointer (RFC 6901) one step further.
    static String below(String place, String member) {
        return place + "/" + member.replace("~", "~0").replace("/", "~1");
    }
}
