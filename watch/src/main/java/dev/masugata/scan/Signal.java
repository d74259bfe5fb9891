package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One sign in a text: rare words that must stand in it, and a pattern near them.
///
/// @param keywords in lower case; one of them stands in every text that it can be in
record Signal(String name, List<String> keywords, Pattern pattern) {
    /// Signs of one kind in one text; more say nothing more.
    static final int MOST = 16;
    /// Characters before a sign in which "never" and its like turn it round.
    private static final int BEFORE = 80;

    /// An order not to, a warning, or a report of what others did. What stands behind it is no order to do it.
    private static final Pattern TURNED = Pattern.compile(
            "(?i)(?:\\bnever\\b|\\bdo(?:es)? not\\b|\\bdon['’]t\\b|\\bmust not\\b|\\bshould not\\b|\\bavoid(?:s|"
            + "ing)?\\b|"
                    + "\\bforbid|\\bprohibit|\\bdetect(?:s|ing)?\\b|\\bblock(?:s|ed|ing)?\\b|\\bflag(?:s|ged)?\\b|"
                    + "\\brefuse|\\brather than\\b|\\binstead of\\b|\\bsuch as\\b|\\bexamples? of\\b|\\battack(?"
                    + ":er|ers|s)?\\b|"
                    + "\\bmalicious\\b|\\bwarn|\\bdangerous\\b|ないで|禁止|しない)[^.\\n]*$"
                    + "|(?i)\\b(?:says?|contains?|like|phrases?)\\b[^.\\n]{0,20}[\"“'`]$");

    Signal {
        if (keywords.isEmpty()) throw new IllegalArgumentException("signal `" + name + "` has no keyword");
    }

    static Signal of(Json.Obj json) {
        var keywords = json.items("keywords").stream().map(it -> Tree.word(it).toLowerCase(Locale.ROOT)).toList();
        return new Signal(json.string("name").orElse("sign"), keywords,
                Pattern.compile(json.string("pattern").orElseThrow()));
    }

    /// @param from offset in the text
    record Hit(Signal signal, int from, int to) {}

    List<Hit> hits(String text, boolean polarity) {
        var hits = new ArrayList<Hit>();
        var found = pattern.matcher(text);
        int at = 0;
        while (hits.size() < MOST && at <= text.length() && found.find(at)) {
            if (!polarity || !turned(text, found.start())) hits.add(new Hit(this, found.start(), found.end()));
            at = Math.max(found.end(), found.start() + 1);
        }
        return hits;
    }

    private static boolean turned(String text, int at) {
        int line = text.lastIndexOf('\n', at - 1) + 1;
        return TURNED.matcher(text.substring(Math.max(line, at - BEFORE), at)).find();
    }
}
