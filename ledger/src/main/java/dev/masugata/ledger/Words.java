package dev.masugata.ledger;

import dev.masugata.model.Reason;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
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

    /// The time; [Instant#EPOCH] where there is none or none that can be read, so that what depends on it is over.
    static Instant instant(Json.Obj it, String name) {
        try {
            return it.string(name).map(Instant::parse).orElse(Instant.EPOCH);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /// The class; what is none is nobody's confirmation.
    static ToolClass toolClass(Json.Obj it, String name) {
        return Arrays.stream(ToolClass.values())
                .filter(one -> one.word().equals(text(it, name)))
                .findFirst()
                .orElse(ToolClass.UNCONFIRMED);
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
