package dev.masugata.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.Version;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What the command line answers by itself, without a gate.
class CommandsTest {
    @TempDir
    Path directory;

    private record Said(int exit, String out, String err) {}

    private static Said say(String line) {
        var out = System.out;
        var err = System.err;
        var saidOut = new ByteArrayOutputStream();
        var saidErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(saidOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(saidErr, true, StandardCharsets.UTF_8));
            int exit = Commands.run(line.split(" "));
            return new Said(exit, saidOut.toString(StandardCharsets.UTF_8), saidErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "undo", "undo --help", "undo example", "attack --session x foo", "commit --format json", "commit -x -- y"
    })
    void whatIsNotBuiltSaysSoWhateverStandsBehindIt(String line) {
        var said = say(line);
        assertEquals(2, said.exit(), said.err());
        assertTrue(said.err().contains("is not built yet"), said.err());
        assertFalse(said.err().contains("nobody foresaw"), said.err());
    }

    @Test
    void helpOfWhatIsBuiltIsShown() {
        var said = say("reach --help");
        assertEquals(0, said.exit());
        assertTrue(said.out().contains("Usage"), said.out());
    }

    /// Every command that is built, and those beneath it.
    static List<String> commands() {
        var names = new ArrayList<String>();
        beneath(Commands.line(), "", names);
        return names;
    }

    private static void beneath(CommandLine line, String before, List<String> names) {
        line.getSubcommands().forEach((name, command) -> {
            if (command.getCommandSpec().usageMessage().hidden()) return;
            names.add(before + name);
            beneath(command, before + name + " ", names);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandShowsAnExampleAndRefusesWhatItDoesNotKnow(String command) {
        var help = say(command + " --help");
        assertEquals(0, help.exit(), help.err());
        assertTrue(help.out().contains("Example"), help.out());
        assertTrue(help.out().split("Example", 2)[1].contains("masugata " + command), help.out());
        var unknown = say(command + " --no-such-option");
        assertEquals(2, unknown.exit(), unknown.err());
        assertTrue(unknown.err().contains("usage: masugata " + command + " --help"), unknown.err());
    }

    /// What cannot be done where there is no gate and no record is told in a line, and is no wrong usage.
    @ParameterizedTest
    @ValueSource(strings = {
        "ps", "stop", "stop --all", "resume", "approvals", "approve a-1", "deny a-1", "tools", "tools approve files",
        "tools revoke files", "tools show files/read", "tools diff files/read", "agents",
        "agents add coder --user alice", "agents revoke coder", "agents fresh coder", "say hello", "policy load",
        "policy explain d-1", "log", "log show 1", "log prove 1", "log verify", "log export --format jsonl",
        "log erase --session s-1"
    })
    void whatCannotBeDoneHereEndsWithOne(String line) {
        var said = say(line + " --home " + directory.resolve("none"));
        assertEquals(1, said.exit(), said.out() + said.err());
        assertEquals("", said.out());
        assertTrue(said.err().startsWith("masugata: "), said.err());
        assertFalse(said.err().contains("nobody foresaw"), said.err());
    }

    @Test
    void theVersionIsJsonForPrograms() {
        assertEquals("{\"version\":\"" + Version.NUMBER + "\"}", say("version --json").out().strip());
        assertEquals("masugata " + Version.NUMBER, say("version").out().strip());
    }
}
