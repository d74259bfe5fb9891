package dev.masugata.graph.risk;

import dev.masugata.graph.Schema;
import dev.masugata.graph.query.Parser;
import dev.masugata.graph.query.Question;
import dev.masugata.model.Inventory;
import dev.masugata.model.InventoryJson;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A kind of risk: a stored question, each of whose rows is a finding.
///
/// @param subject the node of the question that the risk is about; findings of one subject are one risk
/// @param changes what would make a row disappear, best first
/// @param fires   an inventory in which there is such a risk
/// @param silent  its twin in which there is none
public record Definition(
        String id,
        String title,
        String why,
        Severity severity,
        Question.Match question,
        String subject,
        List<Change.Form> changes,
        List<String> references,
        Inventory fires,
        Inventory silent) {

    private static final Set<String> MEMBERS = Set.of(
            "id", "title", "why", "severity", "query", "subject", "changes", "references", "fires", "silent");

    /// @throws RuntimeException the entry is not one; the build has tried each
    static Definition of(Json.Obj json, Schema schema) {
        if (!json.members().keySet().equals(MEMBERS))
            throw new IllegalArgumentException("a risk has exactly the members " + MEMBERS.stream().sorted().toList());
        var question = (Question.Match) Parser.parse(text(json, "query"), schema);
        return new Definition(
                text(json, "id"), text(json, "title"), text(json, "why"),
                Severity.valueOf(text(json, "severity").toUpperCase(Locale.ROOT)), question, text(json, "subject"),
                json.items("changes").stream().map(it -> Change.Form.of((Json.Obj) it)).toList(),
                json.items("references").stream().map(it -> ((Json.Str) it).value()).toList(),
                InventoryJson.of(json.object("fires")), InventoryJson.of(json.object("silent")));
    }

    private static String text(Json.Obj json, String name) {
        return json.string(name).orElseThrow(() -> new IllegalArgumentException("`" + name + "` is missing"));
    }

    List<Question.Hop> hops() {
        return question.parts().stream().flatMap(it -> it.hops().stream()).toList();
    }
}
