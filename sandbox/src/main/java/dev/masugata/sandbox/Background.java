package dev.masugata.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Starts a program of ours that outlives the command that needed it.
public final class Background {
    private Background() {}

    /// Starts it in a session of its own, so that what is typed at this terminal does not end it.
    ///
    /// @param log gets what it says, at the end of what is there
    public static Process start(List<String> command, Path log) throws IOException {
        var detached = new java.util.ArrayList<String>();
        // Before it is written: what a gate says is for its owner alone.
        var owner = PosixFilePermissions.fromString("rw-------");
        if (Files.notExists(log)) Files.createFile(log, PosixFilePermissions.asFileAttribute(owner));
        else Files.setPosixFilePermissions(log, owner);
        if (System.getProperty("os.name").equals("Linux")) detached.add("setsid");
        detached.addAll(command);
        return new ProcessBuilder(detached)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true)
                .start();
    }
}
