package dev.masugata.ledger;

import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Reads the members that folds write.
final class Words {
    private Words() {}

    static String text(Json.Obj it, String name) {
        return it.string(name).orElse("");
    }

    static String upper(Json.Obj it, String name) {
        return text(it, name).toUpperCase(Locale.ROOT);
    }

    static long number(Json.Obj it, String name) {
        return it.integer(name).orElse(0L);
    }

    static Instant instant(Json.Obj it, String name) {
        return it.string(name).map(Instant::parse).orElse(Instant.EPOCH);
    }

    static Set<String> texts(Json.Obj it, String name) {
        var texts = new TreeSet<String>();
        for (var item : it.items(name)) {
            if (item instanceof Json.Str(var text, _)) texts.add(text);
        }
        return texts;
    }

    static List<Reason> reasons(Json.Obj it, String name) {
        return it.items(name).stream()
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .map(one -> new Reason(text(one, "id"), text(one, "text")))
                .toList();
    }

    static Json reasons(List<Reason> reasons) {
        return new Json.Arr(reasons.stream()
                .map(one -> Json.object("id", one.id()).with("text", one.text()))
                .toList());
    }
}
