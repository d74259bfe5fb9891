package dev.masugata.inspect;

import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// Text that a model reads and a person does not see -> a finding for each place.
///
/// Unicode tag characters carry whole sentences invisibly; bidirectional overrides show other text than is there.
/// Joiners and variation selectors are left alone: scripts and emoji need them.
public final class HiddenCharacters implements Inspector {
    /// Findings for one action; more places say nothing new.
    static final int FINDINGS_MAX = 32;

    @Override
    public Inspection inspect(Action action) {
        var findings = new ArrayList<Finding>();
        switch (action) {
            case Action.Rpc rpc -> look(rpc.params(), "", findings);
            case Action.Delivery delivery -> look(delivery.message(), "", findings);
            case Action.FileApply _, Action.HouseCall _, Action.Operator _ -> {}
        }
        return Inspection.of(findings);
    }

    private void look(Json value, String place, List<Finding> findings) {
        if (findings.size() >= FINDINGS_MAX) return;
        switch (value) {
            case Json.Obj(var members, _) -> members.forEach((name, member) -> {
                var there = place + "/" + name.replace("~", "~0").replace("/", "~1");
                text(name, there, findings);
                look(member, there, findings);
            });
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) look(items.get(i), place + "/" + i, findings);
            }
            case Json.Str(var text, _) -> text(text, place, findings);
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private void text(String text, String place, List<Finding> findings) {
        // Here too: one object may have any number of names.
        if (findings.size() >= FINDINGS_MAX) return;
        boolean tags = false;
        boolean bidi = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x202A) continue;
            // A black flag (U+1F3F4) with tags behind it is the flag of a region.
            if (isTag(text, i) && !isFlag(text, i)) tags = true;
            if (isTag(text, i)) i = endOfTags(text, i) - 1;
            bidi |= c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        }
        if (tags) findings.add(new Finding("hidden/tags", Severity.HIGH, place));
        if (bidi) findings.add(new Finding("hidden/bidi", Severity.MEDIUM, place));
    }

    /// U+E0000..U+E007F are all written with the high surrogate DB40 and a low one in DC00..DC7F.
    private static boolean isTag(String text, int at) {
        return at + 1 < text.length()
                && text.charAt(at) == 0xDB40
                && text.charAt(at + 1) >= 0xDC00
                && text.charAt(at + 1) <= 0xDC7F;
    }

    private static boolean isFlag(String text, int at) {
        boolean afterFlag = at >= 2 && text.codePointAt(at - 2) == 0x1F3F4;
        return afterFlag && (endOfTags(text, at) - at) / 2 <= FLAG_TAGS_MAX;
    }

    /// Tags in the flag of a region: five for its code and one that ends it; six or seven are in use.
    private static final int FLAG_TAGS_MAX = 7;

    private static int endOfTags(String text, int at) {
        int end = at;
        while (isTag(text, end)) end += 2;
        return end;
    }
}
