package dev.masugata.app.scan;

import dev.masugata.model.Inventory;
import dev.masugata.model.Weakness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// `.masugataignore`: what somebody decided to live with, until when and why. What is ignored is counted and said: a
/// stranger's repository cannot hide itself with one.
///
/// A line: `CHECK-OR-ID [FILE] until 2027-01-31 because REASON`.
public final class Ignored {
    /// Bytes of the file.
    static final int BYTES = 256 * 1024;
    private static final Pattern LINE =
            Pattern.compile("^(\\S+)(?:\\s+(\\S+))?\\s+until\\s+(\\d{4}-\\d{2}-\\d{2})\\s+because\\s+(\\S.*)$");

    private record Rule(String what, String file) {
        boolean covers(Weakness weakness) {
            boolean same = what.equals(weakness.check()) || what.equals(weakness.id());
            return same && (file.isEmpty() || weakness.file().equals(file) || weakness.file().endsWith("/" + file));
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Ignored() {}

    public static Ignored of(Path directory, Clock clock) throws IOException {
        var ignored = new Ignored();
        var file = directory.resolve(".masugataignore");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) return ignored;
        try (var in = Files.newInputStream(file)) {
            int number = 0;
            for (var line : new String(in.readNBytes(BYTES), StandardCharsets.UTF_8).lines().map(String::strip)
                    .toList()) {
                number++;
                if (!line.isEmpty() && !line.startsWith("#")) ignored.line(line, number, LocalDate.now(clock));
            }
        }
        return ignored;
    }

    private void line(String line, int number, LocalDate today) {
        var where = "`.masugataignore` line " + number + ": ";
        var found = LINE.matcher(line);
        if (!found.find()) {
            notes.add(where + "write `CHECK [FILE] until YEAR-MONTH-DAY because REASON`; not used");
            return;
        }
        try {
            if (LocalDate.parse(found.group(3)).isBefore(today)) notes.add(where + "ended on " + found.group(3)
                    + "; not used");
            else rules.add(new Rule(found.group(1), found.group(2) == null ? "" : found.group(2)));
        } catch (DateTimeParseException none) {
            notes.add(where + "`" + found.group(3) + "` is no day; not used");
        }
    }

    public Inventory without(Inventory inventory) {
        var kept = inventory.weaknesses().stream().filter(it -> rules.stream().noneMatch(rule -> rule.covers(it)))
                .toList();
        int gone = inventory.weaknesses().size() - kept.size();
        if (gone > 0) notes.add(gone + " ignored by `.masugataignore`");
        return new Inventory(inventory.assets(), inventory.relations(), kept);
    }

    /// What has to be said about it.
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
