package dev.masugata.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Other processes: real JVMs with this test's class path.
final class Child {
    private Child() {}

    static ProcessBuilder java(String main, Object... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.masugata.ledger." + main));
        for (var argument : arguments) command.add(argument.toString());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /// The last line that the process says.
    static String run(String main, Object... arguments) throws IOException, InterruptedException {
        var process = java(main, arguments).start();
        var said = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        return said.substring(said.lastIndexOf('\n') + 1);
    }
}
