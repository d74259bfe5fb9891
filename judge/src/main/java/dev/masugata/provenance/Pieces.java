package dev.masugata.provenance;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// The texts of a message, each with its place.
final class Pieces {
    /// Texts taken from one message.
    static final int PIECES_MAX = 5_000;

    /// @param place a JSON Pointer (RFC 6901) into the message
    record Piece(String place, String text) {}

    private final List<Piece> all = new ArrayList<>();
    private boolean whole = true;

    Pieces(Json.Obj message) {
        walk(message, "");
    }

    List<Piece> all() {
        return all;
    }

    /// False if there were more texts than are taken.
    boolean whole() {
        return whole;
    }

    private void walk(Json json, String place) {
        switch (json) {
            case Json.Obj(var members, _) -> members.forEach((name, value) -> {
                var there = place + "/" + name.replace("~", "~0").replace("/", "~1");
                // The names that the protocol itself gives say nothing; a server may choose those of structured
                // content.
                if (place.startsWith("/structuredContent")) add(there, name);
                walk(value, there);
            });
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) walk(items.get(i), place + "/" + i);
            }
            case Json.Str(var text, _) -> {
                if (!place.endsWith("/type") || place.startsWith("/structuredContent")) add(place, text);
            }
            case Json.Num number -> add(place, number.asDecimal().stripTrailingZeros().toPlainString());
            case Json.Bool _, Json.Null _ -> {}
        }
    }

    private void add(String place, String text) {
        if (text.isBlank()) return;
        if (all.size() >= PIECES_MAX) whole = false;
        else all.add(new Piece(place, text));
    }
}
