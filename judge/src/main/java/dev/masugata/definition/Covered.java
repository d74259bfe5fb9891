package dev.masugata.definition;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// What a policy had covered in a definition before it came here: there was something to cover.
///
/// A definition comes back like any answer, and is inspected and judged as one: the words that made it be covered are
/// gone, and no detector finds them any more. Who writes such a mark without need is held back as well.
public final class Covered implements Check {
    /// How inspection begins what it writes in the place of what it covers.
    private static final String MARK = "[masked: ";

    @Override
    public List<Finding> check(Definition definition) {
        var findings = new ArrayList<Finding>();
        gather(definition.whole(), "", findings);
        return List.copyOf(findings);
    }

    private static void gather(Json value, String place, List<Finding> findings) {
        switch (value) {
            case Json.Obj(var members, _) -> members.forEach((name, member) -> {
                var there = Definition.below(place, name);
                if (name.contains(MARK)) findings.add(covered(there));
                gather(member, there, findings);
            });
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) gather(items.get(i), place + "/" + i, findings);
            }
            case Json.Str(var text, _) -> {
                if (text.contains(MARK)) findings.add(covered(place));
            }
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static Finding covered(String place) {
        return new Finding("definition/covered", Severity.MEDIUM, place);
    }
}
