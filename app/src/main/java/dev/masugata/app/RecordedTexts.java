package dev.masugata.app;

import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.wire.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The texts of one channel that the record holds of what was allowed: an operator's own traffic.
public final class RecordedTexts {
    private RecordedTexts() {}

    /// True if such texts are on record at all; what a user types and what a memory holds are not.
    public static boolean has(Channel channel) {
        return switch (channel) {
            case TOOL_RESULT, TOOL_DESCRIPTION, EGRESS -> true;
            case USER, MEMORY -> false;
        };
    }

    /// Gives each string of each allowed action of the channel, oldest first.
    public static void each(LedgerReader record, Channel channel, Consumer<String> to) {
        var query = Query.ALL.withType("decided").withLimit(Query.MOST);
        var page = record.entries(query);
        for (; !page.isEmpty(); page = record.entries(query.withAfter(page.getLast().seq())))
            for (var entry : page) {
                if (!(entry.event() instanceof Event.Decided decided) || decided.outcome() != Outcome.ALLOWED) continue;
                record.entry(decided.asked())
                        .filter(it -> it.event() instanceof Event.Asked)
                        .map(it -> (Event.Asked) it.event())
                        .filter(it -> it.payload() instanceof Json.Obj payload && channel == of(it.kind(), payload))
                        .flatMap(it -> ((Json.Obj) it.payload()).at("content"))
                        .ifPresent(content -> strings(content, to));
            }
    }

    private static @Nullable Channel of(Action.Kind kind, Json.Obj payload) {
        if (kind == Action.Kind.TOOL_CALL) return Channel.EGRESS;
        if (kind != Action.Kind.DELIVERY) return null;
        return switch (payload.string("answers").orElse("")) {
            case "tool_list" -> Channel.TOOL_DESCRIPTION;
            case "tool_call", "resource_read", "prompt_get" -> Channel.TOOL_RESULT;
            default -> null;
        };
    }

    private static void strings(Json value, Consumer<String> to) {
        switch (value) {
            case Json.Obj(var members, _) -> members.values().forEach(it -> strings(it, to));
            case Json.Arr(var items, _) -> items.forEach(it -> strings(it, to));
            case Json.Str(var text, _) -> to.accept(text);
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }
}
