package dev.masugata.inspect;

import dev.masugata.model.Channel;
import java.util.Set;

/// Looks at one string of an action through all its readings, and reports what it sees.
public interface Detector {
    void look(Passage passage, Report report);

    /// Where in a text that is not at its end something may have begun that only what follows will show: what stands
    /// before it is settled.
    ///
    /// @param families of the findings that count
    /// @return the text's length if nothing has begun
    default int open(Channel channel, String text, Set<String> families) {
        return text.length();
    }
}
