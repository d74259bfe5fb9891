package dev.masugata.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.Version;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the command line answers by itself, without a gate.
class CommandsTest {
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
        "allow", "allow --help", "allow example.com", "allow --session x foo", "scan --format json", "scan -x -- y",
        "credentials add n --from env:N"
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

    @Test
    void theVersionIsJsonForPrograms() {
        assertEquals("{\"version\":\"" + Version.NUMBER + "\"}", say("version --json").out().strip());
        assertEquals("masugata " + Version.NUMBER, say("version").out().strip());
    }
}
