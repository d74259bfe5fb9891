package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of floors in ARCHITECTURE.md is what the sources say. With `-Dwrite=true` it is written anew.
class FloorsTest {
    private static final Path FILE = Gate.ROOT.resolve("ARCHITECTURE.md");
    private static final String BEGIN = "<!-- floors -->\n";
    private static final String END = "<!-- /floors -->";
    private static final Pattern OURS = Pattern.compile("(?m)^import (?:static"
            + " )?dev\\.masugata\\.((?:gates\\.)?[a-z]+)");
    private static final Pattern SENTENCE = Pattern.compile("(?s)^((?:///[^\n]*\n)+)");

    @Test
    void theTableIsTrue() throws IOException {
        var text = Files.readString(FILE);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        var table = table();
        if (Boolean.getBoolean("write")) Files.writeString(FILE, text.substring(0, begin) + table
                + text.substring(end));
        else assertEquals(table, text.substring(begin, end), "write it anew with -Dwrite=true");
    }

    private static String table() throws IOException {
        var lines = new ArrayList<String>();
        lines.add("| floor | wing | room | imports | one sentence |");
        lines.add("|---|---|---|---|---|");
        for (var room : WallsTest.FLOORS.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Integer> it) -> -it.getValue())
                        .thenComparing(Map.Entry::getKey))
                .toList()) lines.add(row(room.getKey(), room.getValue()));
        return String.join("\n", lines) + "\n";
    }

    private static String row(String room, int floor) throws IOException {
        var imports = new TreeSet<String>();
        for (var file : WallsTest.files()) {
            if (!file.room().equals(room)) continue;
            var named = OURS.matcher(file.text());
            while (named.find()) if (!named.group(1).equals(room)) imports.add(named.group(1));
        }
        return "| " + floor + " | `" + wing(room) + "` | `" + room + "` | " + String.join(", ", imports) + " | "
                + sentence(room) + " |";
    }

    private static String wing(String room) {
        return List.of("base", "ledger", "sandbox", "judge", "watch", "gates", "app").stream()
                .filter(wing -> Files.isDirectory(directory(wing, room)))
                .collect(Collectors.joining());
    }

    private static Path directory(String wing, String room) {
        return Gate.ROOT.resolve(wing).resolve("src/main/java/dev/masugata").resolve(room.replace('.', '/'));
    }

    private static String sentence(String room) throws IOException {
        var info = Files.readString(directory(wing(room), room).resolve("package-info.java"));
        var comment = SENTENCE.matcher(info);
        if (!comment.find()) return "";
        var firstParagraph = comment.group(1).replaceAll("(?m)^/// ?", "").split("\n\n")[0];
        return firstParagraph.replace('\n', ' ').strip();
    }
}
