package dev.masugata.inspect;

import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An action with what was found in it covered or cut out.
///
/// before -> after: `token ghp_...` with the finding `secret/github-token` -> `token [masked: github-token]`.
public final class Redaction {
    private final Map<String, List<Finding>> byPlace = new HashMap<>();
    private final Set<String> strip;

    /// For texts that are no action: what is of neither family is left out by who calls.
    static Redaction by(Set<String> mask, Set<String> strip) {
        return new Redaction(List.of(), mask, strip);
    }

    private Redaction(List<Finding> findings, Set<String> mask, Set<String> strip) {
        this.strip = strip;
        for (var finding : findings)
            if (mask.contains(finding.family()) || strip.contains(finding.family()))
                byPlace.computeIfAbsent(finding.place(), _ -> new ArrayList<>()).add(finding);
    }

    /// @param mask  families whose findings are covered
    /// @param strip families whose findings are cut out
    /// @return the action without them; the same action if none is of these families or it holds no text of its own
    public static Action of(Action action, List<Finding> findings, Set<String> mask, Set<String> strip) {
        var redaction = new Redaction(findings, mask, strip);
        if (redaction.byPlace.isEmpty()) return action;
        return switch (action) {
            case Action.ToolCall call ->
                new Action.ToolCall(call.server(), call.tool(), redaction.whole(call.params()));
            case Action.Message message ->
                new Action.Message(
                        message.kind(), message.server(), message.method(), redaction.whole(message.params()));
            case Action.Reply reply ->
                new Action.Reply(reply.kind(), reply.server(), reply.method(), redaction.whole(reply.params()));
            case Action.Delivery delivery ->
                new Action.Delivery(delivery.answers(), redaction.whole(delivery.message()));
            case Action.ModelCall call -> redaction.call(call);
            // Bytes that somebody signed or counted are not written anew: such a request goes as it is, or not at all.
            case Action.HttpRequest _, Action.FileApply _, Action.HouseCall _, Action.Operator _ -> action;
        };
    }

    /// The same for what is part of an action.
    public static Json.Obj of(Json.Obj value, List<Finding> findings, Set<String> mask, Set<String> strip) {
        return new Redaction(findings, mask, strip).whole(value);
    }

    private Action.ModelCall call(Action.ModelCall call) {
        var request = call.request();
        var body = HttpBody.of(JsonWriter.bytes(whole(call.says())), "application/json", "");
        var instead = new Action.HttpRequest(request.url(), request.method(), request.headers(), body);
        return new Action.ModelCall(call.provider(), call.model(), call.operation(), instead, call.parts(),
                call.most(), call.promises());
    }

    private Json.Obj whole(Json.Obj value) {
        return (Json.Obj) of(value, "");
    }

    /// Two covered names stay two members.
    private static String free(String name, Set<String> taken) {
        var free = name;
        for (int i = 2; taken.contains(free); i++) free = name + " " + i;
        return free;
    }

    private Json of(Json value, String place) {
        return switch (value) {
            case Json.Obj(var members, _) -> {
                var redacted = new LinkedHashMap<String, Json>();
                boolean same = true;
                for (var member : members.entrySet()) {
                    var there = place + "/" + escaped(member.getKey());
                    var now = of(member.getValue(), there);
                    var name = name(member.getKey(), there);
                    same &= now == member.getValue() && name.equals(member.getKey());
                    redacted.put(free(name, redacted.keySet()), now);
                }
                // Untouched parts keep their bytes.
                yield same ? value : new Json.Obj(redacted, null);
            }
            case Json.Arr(var items, _) -> {
                var redacted = new ArrayList<Json>();
                boolean same = true;
                for (int i = 0; i < items.size(); i++) {
                    var now = of(items.get(i), place + "/" + i);
                    same &= now == items.get(i);
                    redacted.add(now);
                }
                yield same ? value : new Json.Arr(redacted);
            }
            case Json.Str(var text, _) -> {
                var found = byPlace.get(place);
                yield found == null ? value : Json.of(text(text, found));
            }
            case Json.Num(var literal) -> {
                var found = byPlace.get(place);
                yield found == null ? value : Json.of(text(literal, found));
            }
            case Json.Bool _, Json.Null _ -> value;
        };
    }

    private String name(String name, String place) {
        var found = byPlace.get(nameOf(place));
        return found == null ? name : text(name, found);
    }

    /// The place of a member's name, where findings in the name itself are; that of its value is without `#`.
    static String nameOf(String place) {
        return place + "#";
    }

    /// A JSON Pointer's segment (RFC 6901, section 3).
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /// The text with each found span covered or cut out. A finding without a span is about all of the text; spans that
    /// overlap are one, named after the first.
    public String text(String text, List<Finding> found) {
        var ordered = new ArrayList<>(found);
        ordered.sort(Comparator.comparingInt((Finding it) -> from(it)).thenComparing(it -> -to(it, text)));
        var out = new StringBuilder();
        int done = 0;
        for (var finding : ordered) {
            int to = to(finding, text);
            if (to <= done) continue;
            int from = Math.min(from(finding), text.length());
            if (from >= done) {
                out.append(text, done, from);
                if (!strip.contains(finding.family())) out.append(cover(finding));
            }
            done = to;
        }
        return out.append(text, done, text.length()).toString();
    }

    private static int from(Finding finding) {
        return finding.hasSpan() ? finding.from() : 0;
    }

    private static int to(Finding finding, String text) {
        return finding.hasSpan() ? Math.min(finding.to(), text.length()) : text.length();
    }

    private static String cover(Finding finding) {
        return "[masked: " + finding.rule().substring(finding.rule().indexOf('/') + 1) + "]";
    }
}
