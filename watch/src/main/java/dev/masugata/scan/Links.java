package dev.masugata.scan;

import dev.masugata.model.Asset;
import java.io.IOException;
import java.nio.file.Files;

/// A link in a skill: what it names is read by whoever follows it, so it has to stay inside.
record Links(Found found, Judge judge) {
    void look(Walk.Entry entry, Asset skill) {
        try {
            var target = Files.readSymbolicLink(entry.path());
            var parent = entry.path().getParent();
            if (parent == null) return;
            var whole = parent.resolve(target).normalize();
            var directory = String.valueOf(skill.attributes().get("place"));
            var inside = whole.toString().contains(directory.isEmpty() ? "/" : "/" + directory.replaceFirst("^/", ""));
            if (!inside || target.isAbsolute()) judge.weak("EVA-010", skill, entry.name(), 0,
                    "a link out of the skill");
        } catch (IOException unreadable) {
            found.unread(entry.name(), "a link that cannot be read");
        }
    }
}
