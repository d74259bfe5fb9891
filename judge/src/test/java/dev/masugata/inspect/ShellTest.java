package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Words come as a program would get them.
class ShellTest {
    private static final Pipeline PIPELINE = new Pipeline(List.of(new Rules(Detections.all())), new byte[32]);

    private static List<List<String>> words(String text) {
        return Shell.commands(text).stream().map(Shell.Command::words).toList();
    }

    private static List<String> found(String text) {
        return PIPELINE.inspect(Channel.EGRESS, "", text).findings().stream().map(Finding::rule).distinct().toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '^', value = {
        "a b  c # [[a, b, c]]",
        "a 'b c' \"d e\" # [[a, b c, d e]]",
        "r''m -r\\f /tmp # [[rm, -rf, /tmp]]",
        "a; b && c || d & e # [[a], [b], [c], [d], [e]]",
        "a | b > out 2>&1 # [[a], [b]]",
        "sudo -n env X=1 nohup a b # [[a, b]]",
        "X=1 Y=2 a # [[a]]",
        "a$IFS-b${IFS}c # [[a, -b, c]]",
        "$'\\x61' b # [[a, b]]",
        "sh -c 'a b; c' # [[sh, -c, a b; c], [a, b], [c]]",
        "echo $(a b) # [[a, b], [echo, $(a b)]]",
        "it's a day # [[it's, a, day]]",
        "timeout 5s xargs -0 a # [[a]]",
    })
    void wordsAreTheProgramsOwn(String text, String expected) {
        assertEquals(expected, words(text).toString());
    }

    @Test
    void aPipeSaysWhatGoesWhere() {
        var commands = Shell.commands("a | b || c > /x");
        assertTrue(commands.get(0).piped() && commands.get(1).fed());
        assertTrue(!commands.get(1).piped() && !commands.get(2).fed());
        assertEquals(List.of("/x"), commands.get(2).targets());
    }

    @Test
    void readsSoFarAndNoFurther() {
        var before = "a\n".repeat(Shell.COMMANDS_MAX - 1);
        assertEquals(List.of("command/wipe"), found(before + "rm -rf /\n"));
        assertEquals(List.of(), found(before + "a\na\nrm -rf /\n"), "so many commands");
        var far = "#".repeat(Shell.CHARS_MAX - 9) + "\n";
        assertEquals(List.of("command/wipe"), found(far + "rm -rf /"));
        assertEquals(List.of(), found("#" + far + "rm -rf /"), "so many characters");
        var script = "rm -rf /";
        for (int i = 0; i <= Shell.DEPTH_MAX; i++) script = "echo $(" + script + ")";
        assertEquals(List.of(), found(script), "so many within others");
        assertEquals(List.of("command/wipe"), found(script.substring(7, script.length() - 1)));
    }

    @Test
    void addressesAreReadSoFar() {
        var carrying = "https://a.example/c?d=" + "dXNlcj10YW5ha2E7IHBpbj00MzIxOyBjaXR5PU9zYWthOyBub3RlPXRoZSBrZXkgaXM";
        var before = "http://a.example ".repeat(Links.LINKS_MAX - 1);
        assertEquals(List.of("exfiltration/address"), found(before + carrying));
        assertEquals(List.of(), found(before + "http://a.example " + carrying));
    }

    @Test
    void whatIsMadeToTakeLongDoesNot() {
        for (var text : List.of("\"$(", "`", "$(", "'\"", "\\\"", "sh -c '", "$'", "((", "a|", "://a?d=")) {
            long began = System.nanoTime();
            found(text.repeat(200_000 / text.length()));
            assertTrue(System.nanoTime() - began < 5_000_000_000L, text);
        }
    }
}
