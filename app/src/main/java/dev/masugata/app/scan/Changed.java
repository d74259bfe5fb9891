package dev.masugata.app.scan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One change of a file.
///
/// @param backup     the file as it was
/// @param why        the check that asked for it, or the command
/// @param difference lines that went, `- `, and that came, `+ `; keys in them are covered
public record Changed(Path file, Optional<Path> backup, String why, List<String> difference) {
    public Changed {
        difference = List.copyOf(difference);
    }

    public String text() {
        var out = new StringBuilder("--- " + file + "  (" + why + ")\n");
        difference.forEach(it -> out.append(it).append('\n'));
        backup.ifPresent(it -> out.append("    as it was: ").append(it).append('\n'));
        return out.toString();
    }
}
